"use strict";
// CLIP's byte-pair encoding (lesson 06): a text becomes pieces, a piece bytes, and neighbours are
// joined, earliest merge first. And which words of a text the model never read.

const START_MARK = "<|startoftext|>", END_MARK = "<|endoftext|>";
const PIECES = // of a text in lower case; the long s counts as s, and U+0345 as nothing
  /<\|[sſ]tartoftext\|>|<\|endoftext\|>|'(?:[sſ]|t|re|ve|m|ll|d)|\p{L}+|\p{N}|[^\p{L}\p{N}\u0345]+/gu;
const WORDS = new RegExp(
  "[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*(?:['\\u2019][\\p{L}\\p{M}\\p{N}]+)*" + // cat, 4x4, don't
  "|\\p{S}[\\p{S}\\p{M}\\u200d]*", // signs, with what colours and joins them
  "gu",
);

class Tokenizer {
  /** @param {Uint16Array} merges pairs of ids, first learnt first; merge i makes id 512 + i. */
  constructor(merges) {
    this.joined = new Map();
    for (let i = 0; i < merges.length / 2; i++) {
      this.joined.set((merges[2 * i] << 16) | merges[2 * i + 1], 512 + i);
    }
    this.start = 512 + merges.length / 2;
    this.end = this.start + 1;
    this.idOfByte = idsOfBytes();
    this.remembered = new Map();
  }

  /** Return the ids of a text, without those of its start and its end. */
  encode(text) {
    return cleaned(text).split(" ").flatMap((word) => word.match(PIECES) ?? [])
      .flatMap((piece) => this.encodePiece(piece));
  }

  encodePiece(piece) {
    if (piece === START_MARK) return [this.start];
    if (piece === END_MARK) return [this.end];
    if (!this.remembered.has(piece)) this.remembered.set(piece, this.merged(piece));
    return this.remembered.get(piece);
  }

  merged(piece) {
    let ids = Array.from(new TextEncoder().encode(piece), (byte) => this.idOfByte[byte]);
    ids[ids.length - 1] += 256; // the byte that ends a word
    for (;;) {
      const pairs = ids.slice(1).map((id, i) => this.joined.get((ids[i] << 16) | id) ?? Infinity);
      const earliest = Math.min(...pairs);
      if (earliest === Infinity) return ids;
      const next = [];
      for (let i = 0; i < ids.length; i++) {
        next.push(pairs[i] === earliest ? earliest : ids[i]);
        if (pairs[i] === earliest) i++; // what was joined is not there for the next pair
      }
      ids = next;
    }
  }
}

/** Return the id of each byte: visible Latin-1 characters first, then the hidden ones. */
function idsOfBytes() {
  const all = [...Array(256).keys()];
  const visible = all.filter((b) => (b > 32 && b < 127) || (b > 160 && b !== 173));
  const ids = new Uint16Array(256);
  [...visible, ...all.filter((b) => !visible.includes(b))].forEach((b, id) => { ids[b] = id; });
  return ids;
}

/**
 * Return the words of a text that have a token which is not known, as typed, each once.
 * @param {(id: number) => boolean} isKnown whether the model learnt a token.
 */
function unknownWords(text, tokenizer, isKnown) {
  const firstSpelling = new Map();
  for (const word of text.match(WORDS) ?? []) {
    const key = folded(word);
    if (!firstSpelling.has(key)) firstSpelling.set(key, word);
  }
  return [...firstSpelling.values()].filter((word) => !tokenizer.encode(word).every(isKnown));
}

/** Return a word in which upper and lower case are one: "Straße" and "STRASSE" are equal. */
function folded(word) {
  return Array.from(word, (letter) =>
    letter === "ı" ? letter : letter.toLowerCase().toUpperCase().toLowerCase()).join("");
}
