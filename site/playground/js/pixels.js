"use strict";
// From a picture file to the numbers that the image tower reads, as mmcourse's `images.open_rgb`
// and `clip.preprocess`: upright, transparency over white, short side to n by Pillow's bicubic
// with its rounding, centre square, normalised per channel.

const MOST_PIXELS = 50e6, LONGEST_SIDE = 16384; // what the canvas of every browser takes

/** Return { rgba, width, height } of a picture file; throw an Error that says what is wrong. */
async function decoded(blob) {
  const bitmap = await bitmapOf(blob);
  const { width, height } = bitmap;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { rgba: context.getImageData(0, 0, width, height).data, width, height };
}

async function bitmapOf(blob) {
  const name = blob.name ? `“${blob.name}”` : "This";
  const size = await sizeOf(blob);
  if (!size) throw new Error(`${name} is no picture that this browser reads; try a PNG or a JPEG.`);
  if (size.width * size.height > MOST_PIXELS || Math.max(size.width, size.height) > LONGEST_SIDE) {
    throw new Error(`${name} has ${size.width} × ${size.height} pixels, more than this page takes `
      + `(${MOST_PIXELS / 1e6} million, ${LONGEST_SIDE} on a side); save it smaller.`);
  }
  try {
    return await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch {
    throw new Error(`${name} is damaged, or no picture of pixels; try a PNG or a JPEG.`);
  }
}

/** Return width and height, for which a browser reads no more than the head; null if none. */
async function sizeOf(blob) {
  const address = URL.createObjectURL(blob), image = new Image();
  try {
    await new Promise((resolve, reject) => {
      Object.assign(image, { onload: resolve, onerror: reject, src: address });
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Return three maps of n × n normalised numbers. */
function pixelsOf(picture, { resolution: n, mean, std }) {
  const square = centreSquare(picture, n), out = new Float32Array(3 * n * n);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < n * n; i++) {
      const value = square[4 * i + channel] / 255;
      out[channel * n * n + i] = (value - mean[channel]) / std[channel];
    }
  }
  return out;
}

/** Return the middle n × n pixels of a picture whose short side was brought to n. */
function centreSquare({ rgba, width, height }, n) {
  const short = Math.min(width, height);
  const wide = Math.floor(n * width / short), high = Math.floor(n * height / short);
  const left = halfToEven((wide - n) / 2), top = halfToEven((high - n) / 2);
  const across = (x, rows) => resampled(x, { lines: rows, from: width, to: wide, first: left, n });
  const down = (x, columns) => turned(resampled(
    turned(x, columns), { lines: columns, from: height, to: high, first: top, n }), n);
  // Pillow goes across first, unless a picture is over twice as high as wide and gets lower.
  if (height > 2 * width && high < height) return across(down(rgba, width), n);
  return down(across(rgba, height), n);
}

/**
 * Return n pixels of each line, from place `first` on, of lines resampled from one length to
 * another.
 */
function resampled(x, { lines, from, to, first, n }) {
  const out = new Uint8ClampedArray(4 * lines * n);
  for (let i = 0; i < n; i++) {
    const { start, weights } = kernel(first + i, from, to);
    for (let line = 0; line < lines; line++) {
      let red = HALF, green = HALF, blue = HALF, at = 4 * (line * from + start);
      for (let k = 0; k < weights.length; k++, at += 4) {
        red += weights[k] * x[at];
        green += weights[k] * x[at + 1];
        blue += weights[k] * x[at + 2];
      }
      out.set([Math.floor(red / ONE), Math.floor(green / ONE), Math.floor(blue / ONE), 255],
        4 * (line * n + i));
    }
  }
  return out;
}

const ONE = 2 ** 22, HALF = 2 ** 21; // Pillow computes in whole numbers, this many to 1

/** Return which inputs one place of the output sees, and with which weights. */
function kernel(place, from, to) {
  const scale = from / to, stretch = Math.max(scale, 1), reach = 2 * stretch;
  const centre = (place + 0.5) * scale;
  const start = Math.max(0, Math.trunc(centre - reach + 0.5));
  const end = Math.min(from, Math.trunc(centre + reach + 0.5));
  if (from === to) return { start: place, weights: [ONE] };
  const raw = Array.from({ length: end - start }, (_, k) =>
    cubic((k + start - centre + 0.5) / stretch));
  const sum = raw.reduce((a, b) => a + b, 0);
  return { start, weights: raw.map((w) => Math.trunc(w / sum * ONE + (w < 0 ? -0.5 : 0.5))) };
}

function cubic(x) {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * -0.5 : 0;
}

/** Return a picture with rows and columns exchanged, given how many columns it has. */
function turned(x, columns) {
  const rows = x.length / 4 / columns, from = new Uint32Array(x.buffer, x.byteOffset, rows * columns);
  const out = new Uint32Array(rows * columns); // a pixel is one number of 32 bits
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = from[row * columns + column];
    }
  }
  return new Uint8ClampedArray(out.buffer);
}

/** Return a number rounded as Python rounds: a half goes to the even neighbour. */
function halfToEven(x) {
  return x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}
