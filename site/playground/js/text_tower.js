"use strict";
// The text tower: a causal transformer, read at the end token (lesson 06).

/**
 * Return the features of a text, not normalised.
 * @param tensors the weights, by OpenAI's names.
 * @param {number[]} rows of the embedding, one a token, the end last; -1 where nothing was learnt.
 */
function textFeatures(tensors, rows, heads) {
  const width = tensors["ln_final.weight"].length;
  const x = embedded(tensors, rows, width);
  for (let layer = 0; `transformer.resblocks.${layer}.ln_1.weight` in tensors; layer++) {
    const weights = (name) => tensors[`transformer.resblocks.${layer}.${name}`];
    addTo(x, mixed(weights, x, width, heads));
    addTo(x, thought(weights, x, width));
  }
  const end = layerNorm(x.subarray(-width), tensors["ln_final.weight"], tensors["ln_final.bias"]);
  return projected(end, tensors.text_projection);
}

/** Return each token's vector plus that of its place. */
function embedded(tensors, rows, width) {
  const vectors = tensors["token_embedding.weight"], places = tensors.positional_embedding;
  const x = places.slice(0, rows.length * width);
  const rowOf = (matrix, i) => matrix.subarray(i * width, (i + 1) * width);
  rows.forEach((row, token) => {
    if (row >= 0) addTo(rowOf(x, token), rowOf(vectors, row));
  });
  return x;
}

/** Return what the tokens take from each other. */
function mixed(weights, x, width, heads) {
  const normed = layerNorm(x, weights("ln_1.weight"), weights("ln_1.bias"));
  const all = linear(normed, weights("attn.in_proj_weight"), weights("attn.in_proj_bias"), width);
  const taken = attend(...columns(all, 3, width), { width, heads, causal: true });
  return linear(taken, weights("attn.out_proj.weight"), weights("attn.out_proj.bias"), width);
}

/** Return what each token makes of what it knows. */
function thought(weights, x, width) {
  const normed = layerNorm(x, weights("ln_2.weight"), weights("ln_2.bias"));
  const hidden = linear(normed, weights("mlp.c_fc.weight"), weights("mlp.c_fc.bias"), width);
  for (let i = 0; i < hidden.length; i++) hidden[i] /= 1 + Math.exp(-1.702 * hidden[i]);
  const inner = hidden.length / (x.length / width);
  return linear(hidden, weights("mlp.c_proj.weight"), weights("mlp.c_proj.bias"), inner);
}

function projected(vector, projection) {
  const dim = projection.shape[1], out = new Float64Array(dim);
  vector.forEach((value, i) => {
    for (let j = 0; j < dim; j++) out[j] += value * projection[i * dim + j];
  });
  return out;
}
