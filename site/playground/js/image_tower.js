"use strict";
// The image tower: CLIP's modified ResNet, read out by one attention layer (lesson 06).
// A stack of maps is one array, map after map; each map is square.

/**
 * Return the features of a picture, not normalised.
 * @param {Float32Array} pixels three maps of the tower's resolution, from `pixelsOf`.
 */
function imageFeatures(tensors, pixels, poolHeads) {
  const net = new Net(tensors);
  let x = { maps: pixels, side: Math.sqrt(pixels.length / 3) };
  x = net.step(x, "conv1", "bn1", { stride: 2 });
  x = net.step(x, "conv2", "bn2");
  x = halved(net.step(x, "conv3", "bn3"));
  for (let stage = 1; stage <= 4; stage++) {
    for (let block = 0; net.has(`layer${stage}.${block}.conv1.weight`); block++) {
      x = net.bottleneck(x, `layer${stage}.${block}`, { halve: stage > 1 && block === 0 });
    }
  }
  return net.pooled(x, poolHeads);
}

class Net {
  constructor(tensors) {
    this.tensors = tensors;
  }

  has(name) {
    return `visual.${name}` in this.tensors;
  }

  weights(name) {
    return this.tensors[`visual.${name}`];
  }

  /** A convolution, a batch norm, and nothing below 0 unless `linear`. */
  step(x, convolution, norm, { stride = 1, linear = false } = {}) {
    const out = convolved(x, this.weights(`${convolution}.weight`), stride);
    const [weight, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"]
      .map((part) => this.weights(`${norm}.${part}`));
    const places = out.side ** 2;
    weight.forEach((value, channel) => {
      const factor = value / Math.sqrt(variance[channel] + 1e-5);
      const shift = bias[channel] - mean[channel] * factor;
      for (let i = channel * places; i < (channel + 1) * places; i++) {
        const y = out.maps[i] * factor + shift;
        out.maps[i] = linear || y > 0 ? y : 0;
      }
    });
    return out;
  }

  /** 1 × 1 down, 3 × 3, 1 × 1 up, added to what came in; halved on the way where asked. */
  bottleneck(x, name, { halve }) {
    let out = this.step(x, `${name}.conv1`, `${name}.bn1`);
    out = this.step(out, `${name}.conv2`, `${name}.bn2`);
    if (halve) [out, x] = [halved(out), halved(x)];
    out = this.step(out, `${name}.conv3`, `${name}.bn3`, { linear: true });
    if (this.has(`${name}.downsample.0.weight`)) {
      x = this.step(x, `${name}.downsample.0`, `${name}.downsample.1`, { linear: true });
    }
    addTo(out.maps, x.maps);
    return { ...out, maps: out.maps.map((value) => Math.max(0, value)) };
  }

  /** What the mean of all places, the only query, takes from itself and from each place. */
  pooled({ maps, side }, heads) {
    const places = side ** 2, width = maps.length / places;
    const tokens = this.weights("attnpool.positional_embedding").slice();
    for (let channel = 0; channel < width; channel++) {
      for (let place = 0; place < places; place++) {
        const value = maps[channel * places + place];
        tokens[channel] += value / places;
        tokens[(place + 1) * width + channel] += value;
      }
    }
    const project = (name, x) => linear(
      x, this.weights(`attnpool.${name}.weight`), this.weights(`attnpool.${name}.bias`), width);
    const query = project("q_proj", tokens.subarray(0, width));
    const taken = attend(query, project("k_proj", tokens), project("v_proj", tokens), { width, heads });
    return Float64Array.from(project("c_proj", taken));
  }
}

/** Return maps convolved with kernels of 1 × 1, or of 3 × 3 with a border of zeros. */
function convolved({ maps, side }, weight, stride) {
  const [outputs, inputs, kernel] = weight.shape, size = inputs * kernel * kernel;
  const out = side / stride, border = kernel >> 1, seen = new Float32Array(out * out * size);
  let at = 0; // what each place of the output sees, place after place
  for (let row = 0; row < out; row++) for (let column = 0; column < out; column++) {
    for (let map = 0; map < inputs; map++) for (let dy = 0; dy < kernel; dy++) {
      const y = row * stride + dy - border;
      for (let dx = 0; dx < kernel; dx++, at++) {
        const x = column * stride + dx - border;
        if (y >= 0 && y < side && x >= 0 && x < side) seen[at] = maps[(map * side + y) * side + x];
      }
    }
  }
  return { maps: linear(weight, seen, null, size), side: out }; // (outputs, places)
}

/** Return maps of half the side: means of 2 × 2. */
function halved({ maps, side }) {
  const half = side / 2, out = new Float32Array(maps.length / 4);
  for (let i = 0; i < out.length; i++) {
    const row = Math.floor(i / half), column = i % half; // of all maps below each other
    const from = 2 * row * side + 2 * column;
    out[i] = (maps[from] + maps[from + 1] + maps[from + side] + maps[from + side + 1]) / 4;
  }
  return { maps: out, side: half };
}
