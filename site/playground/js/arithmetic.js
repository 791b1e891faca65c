"use strict";
// Arithmetic: a picture, plus words, minus words, is a direction to search in (lesson 09).

const SHOWN = 5;

function startArithmetic(model, chosen) {
  const show = () => {
    byId("term").replaceChildren(chosen.shown());
    const [plus, minus] = ["plus", "minus"].map((id) => byId(id).value);
    const direction = attempt("sum-problem", () => summed(model, chosen, plus, minus));
    byId("found").classList.toggle("stale", !direction);
    if (!direction) return;
    const cosines = model.cosines(direction), order = ranking(cosines).slice(0, SHOWN);
    const list = byId("found"), entered = list.contains(document.activeElement);
    list.replaceChildren(...order.map((index) => result(model, chosen, index, cosines[index])));
    if (entered) list.querySelector("button").focus(); // the one that was pressed is gone
    byId("sum-note").textContent = unknownNote(model, [plus, minus]);
    announce("sum", `Nearest to the sum: ${model.settings.captions[order[0]]}.`);
  };
  for (const id of ["plus", "minus"]) byId(id).addEventListener("input", onceAFrame(show));
  chosen.whenChanged(show);
}

/** Return the direction of a picture with a text added and a text taken away, where they are. */
function summed(model, chosen, plus, minus) {
  const [added, taken] = [plus, minus].map((text) =>
    (text.trim() ? [unit(model.textFeatures(text))] : []));
  return composed([chosen.direction, ...added], taken);
}

function result(model, chosen, index, cosine) {
  const button = element("button", { type: "button" }, drawnPicture(model, index));
  button.addEventListener("click", () => chosen.takeDrawn(index));
  const said = element("p", {}, element("b", { textContent: cosine.toFixed(2) }),
    ` ${model.settings.captions[index]}`);
  return element("li", {}, button, said);
}
