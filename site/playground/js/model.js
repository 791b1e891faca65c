"use strict";
// `tiny`, the smallest CLIP of the course, with the drawn pictures that it has seen for this page.

class Model {
  constructor(bytes) {
    const { settings, tensors } = readSafetensors(bytes);
    this.settings = settings;
    this.tensors = tensors;
    this.tokenizer = new Tokenizer(tensors.merges);
    const ids = Array.from(tensors["token_embedding.ids"], (id, row) => [id, row]);
    this.rowOfToken = new Map(ids); // tokens that the model learnt
    this.features = rowsOf(tensors.pictures);
    this.directions = this.features.map(unit);
    this.remembered = new Map();
    this.imageTensors = null;
  }

  /** Return the features of a text, not normalised; throw an Error where it is too long. */
  textFeatures(text) {
    if (this.remembered.has(text)) return this.remembered.get(text);
    const ids = [this.tokenizer.start, ...this.tokenizer.encode(text), this.tokenizer.end];
    const most = this.settings.contextLength;
    if (ids.length > most) {
      throw new Error(`“${text.slice(0, 40)}…” has ${ids.length} tokens, start and end among `
        + `them; the model reads ${most}.`);
    }
    const rows = ids.slice(0, ids.indexOf(this.tokenizer.end) + 1)
      .map((id) => this.rowOfToken.get(id) ?? -1);
    const features = textFeatures(this.tensors, rows, this.settings.textHeads);
    if (this.remembered.size > 2000) this.remembered.clear();
    this.remembered.set(text, features);
    return features;
  }

  /** Return the words of a text that the model never read. */
  unknownWords(text) {
    return unknownWords(text, this.tokenizer, (id) => this.rowOfToken.has(id));
  }

  /** Return the cosine of a direction with each drawn picture. */
  cosines(direction) {
    return this.directions.map((picture) => dot(direction, picture));
  }

  /** Return the features of a picture file, not normalised; the tower is loaded at the first. */
  async imageFeatures(blob) {
    const pixels = pixelsOf(await decoded(blob), this.settings);
    this.imageTensors ??= readSafetensors(bytesOf(await loaded("image"))).tensors;
    return imageFeatures(this.imageTensors, pixels, this.settings.imageHeads);
  }
}

function rowsOf(matrix) {
  const [rows, dim] = matrix.shape;
  return Array.from({ length: rows }, (_, row) => matrix.subarray(row * dim, (row + 1) * dim));
}

/** Return the data that a script of the page brings, once it is there. */
async function loaded(name) {
  if (!(name in DATA)) {
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.onload = resolve;
      script.onerror = () => reject(new Error(`data/${name}.js could not be loaded; try again.`));
      script.src = `data/${name}.js`;
      document.head.append(script);
    });
  }
  return DATA[name];
}
