"use strict";
// What both towers are built of. A matrix is one array, row after row.

/** Return x weightᵀ + bias: x (rows, inputs) and weight (outputs, inputs) give (rows, outputs). */
function linear(x, weight, bias, inputs) {
  const rows = x.length / inputs, outputs = weight.length / inputs;
  const out = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      out[row * outputs + output] =
        product(x, row * inputs, weight, output * inputs, inputs) + (bias ? bias[output] : 0);
    }
  }
  return out;
}

/** Return the sum of a[i + k] b[j + k], in four strands that need not wait for each other. */
function product(a, i, b, j, length) {
  let one = 0, two = 0, three = 0, four = 0, k = 0;
  for (; k + 3 < length; k += 4) {
    one += a[i + k] * b[j + k];
    two += a[i + k + 1] * b[j + k + 1];
    three += a[i + k + 2] * b[j + k + 2];
    four += a[i + k + 3] * b[j + k + 3];
  }
  for (; k < length; k++) one += a[i + k] * b[j + k];
  return one + two + three + four;
}

/** Return x with each row brought to mean 0 and variance 1, then scaled and shifted. */
function layerNorm(x, weight, bias) {
  const width = weight.length, out = new Float32Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    let mean = 0, variance = 0;
    for (let i = 0; i < width; i++) mean += x[row + i] / width;
    for (let i = 0; i < width; i++) variance += (x[row + i] - mean) ** 2 / width;
    const factor = 1 / Math.sqrt(variance + 1e-5);
    for (let i = 0; i < width; i++) {
      out[row + i] = (x[row + i] - mean) * factor * weight[i] + bias[i];
    }
  }
  return out;
}

/**
 * Return what each query takes from the values: softmax(queries keysᵀ / √dim) values, by heads.
 * @param {boolean} causal whether token t sees only tokens up to t.
 */
function attend(queries, keys, values, { width, heads, causal }) {
  const dim = width / heads, tokens = keys.length / width, out = new Float32Array(queries.length);
  for (let row = 0; row < queries.length / width; row++) {
    const seen = causal ? row + 1 : tokens;
    for (let at = 0; at < width; at += dim) { // one head
      const scores = Float64Array.from({ length: seen }, (_, token) =>
        product(queries, row * width + at, keys, token * width + at, dim) / Math.sqrt(dim));
      softmax(scores).forEach((share, token) => {
        for (let i = at; i < at + dim; i++) out[row * width + i] += share * values[token * width + i];
      });
    }
  }
  return out;
}

/** Return numbers as shares that sum to 1: exp of each, over the sum of all. */
function softmax(logits) {
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logits.map((logit) => Math.exp(logit - highest)); // or exp would overflow
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** Return a matrix (rows, inputs) cut into parts of `width` columns each. */
function columns(x, parts, width) {
  const rows = x.length / (parts * width);
  return Array.from({ length: parts }, (_, part) => {
    const out = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const from = (row * parts + part) * width;
      out.set(x.subarray(from, from + width), row * width);
    }
    return out;
  });
}

function addTo(x, y) {
  for (let i = 0; i < x.length; i++) x[i] += y[i];
}
