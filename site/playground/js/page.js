"use strict";
// The page: reads the data that came with it, and starts its four parts.

function startPage() {
  if (!("start" in DATA)) {
    showProblem("page-problem", "The model is not beside this page. In a clone of the course, "
      + "“make site” builds it.");
    return null;
  }
  const model = new Model(bytesOf(DATA.start)), chosen = new Chosen(model);
  startChoosing(chosen);
  const nearest = startSearch(model, chosen);
  performance.mark("answered");
  setTimeout(() => { // once the first answer is seen
    startLabels(model, chosen);
    startArithmetic(model, chosen);
    chosen.takeDrawn(nearest);
    startMatrix(model);
    performance.mark("ready");
  });
  return model;
}

const PAGE = startPage();
