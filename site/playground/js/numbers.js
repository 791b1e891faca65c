"use strict";
// Numbers out of the page's data files: base64 to bytes, safetensors to tensors, halves to floats.
// The data are scripts that fill DATA, because a page opened from disk may not fetch files.

const DATA = {};

/** Return the bytes that a base64 text stands for. */
function bytesOf(base64) {
  const letters = atob(base64), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/**
 * Return the settings and the tensors of a safetensors file: a length of 8 bytes, that much JSON
 * (type, shape and place of each tensor), then the numbers.
 */
function readSafetensors(bytes) {
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const { __metadata__: notes, ...tensors } = header;
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(tensors)) {
    const buffer = bytes.buffer.slice(start + from, start + to);
    tensors[name] = Object.assign(NUMBERS[dtype](buffer), { shape });
  }
  return { settings: JSON.parse(notes?.settings ?? "{}"), tensors };
}

const NUMBERS = {
  F16: (buffer) => floats(new Uint16Array(buffer)),
  F32: (buffer) => new Float32Array(buffer),
  I32: (buffer) => new Int32Array(buffer),
  U16: (buffer) => new Uint16Array(buffer),
};

/** Return numbers of 16 bits (sign, 5 bits of exponent, 10 of fraction) as numbers of 32. */
function floats(halves) {
  const steps = Float64Array.from({ length: 32 }, (_, e) => 2 ** (Math.max(e, 1) - 25));
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const exponent = (halves[i] >> 10) & 31;
    const size = ((exponent ? 1024 : 0) + (halves[i] & 1023)) * steps[exponent];
    out[i] = halves[i] & 0x8000 ? -size : size;
  }
  return out;
}
