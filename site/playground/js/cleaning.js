"use strict";
// A text as the tokenizer sees it, as mmcourse's `tokenizer.pieces.cleaned` makes it of the same.
// There ftfy repairs broken Unicode. Here is what it does to single characters; what it guesses
// of letters that were decoded wrongly ("Ã©" for "é") is left out, and such texts differ.

const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** Return a text repaired, its HTML entities resolved, single spaces, in lower case. */
function cleaned(text) {
  const plain = /^[ -~]*$/.test(text) && !text.includes("&"); // nothing to repair or resolve
  if (!plain) text = unescaped(unescaped(repaired(text)));
  return text.split(SPACE).filter(Boolean).join(" ").toLowerCase();
}

/** Return a text line by line with each character made ordinary, until nothing changes. */
function repaired(text) {
  let tags = false; // after a "<", entities may be meant as they stand
  return text.toWellFormed().split(/(?<=\n)/).map((line) => {
    tags ||= line.includes("<");
    for (let before = null; before !== line;) {
      before = line;
      if (!tags) line = line.replace(/&#?[0-9A-Za-z]{1,24};/g, entityOf);
      line = ordinary(line).normalize("NFC");
    }
    return line;
  }).join("");
}

function ordinary(line) {
  return line
    .replace(/[\x80-\x9f]/g, (control) => windows1252(control.charCodeAt(0)))
    .replace(/[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ]/g, (pair) => (pair === "ﬅ" ? "ſt" : pair.normalize("NFKC")))
    .replace(/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize("NFKC"))
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/\r\n|[\r\u2028\u2029\x85]/g, "\n")
    .replace(/\x1b\[[\p{Nd};]*[a-zA-Z]/gu, "") // colours of a terminal
    .replace(/[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, "");
}

function windows1252(byte) {
  return new TextDecoder("windows-1252").decode(Uint8Array.of(byte));
}

/** Return what one entity with its semicolon stands for; `&EACUTE;` is meant as `&eacute;`. */
function entityOf(entity) {
  if (entity[1] === "#") {
    const character = unescaped(entity);
    return character.includes(";") ? entity : character;
  }
  const lower = entity.toLowerCase();
  if (isName(entity)) return named(entity);
  if (entity !== entity.toUpperCase() || named(entity) !== entity || !isName(lower)) return entity;
  return named(lower).toUpperCase();
}

/** Return a text whose HTML entities are resolved as a browser does, once. */
function unescaped(text) {
  const entity = /&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|[^\t\n\f <&#;]{1,32};?)/g;
  return text.replace(entity, (whole, decimal, hexadecimal) => {
    if (decimal) return numbered(parseInt(decimal, 10));
    return hexadecimal ? numbered(parseInt(hexadecimal, 16)) : named(whole);
  });
}

const RESOLVER = document.createElement("textarea"); // knows the 2,231 names

function named(entity) {
  RESOLVER.innerHTML = entity;
  return RESOLVER.value;
}

function isName(entity) {
  return entity === "&semi;" || !named(entity).endsWith(";");
}

function numbered(code) {
  if (code >= 0x80 && code <= 0x9f) return windows1252(code);
  if (!code || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd";
  const control = code < 0x20 && ![9, 10, 12, 13].includes(code);
  const none = control || code === 0x7f || (code >= 0xfdd0 && code <= 0xfdef);
  return none || (code & 0xfffe) === 0xfffe ? "" : String.fromCodePoint(code);
}
