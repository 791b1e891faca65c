"use strict";
// What is made of features: cosines, an order, a sum of directions, probabilities, the loss.

/** Return a vector's direction: the vector, divided by its length. */
function unit(vector) {
  const length = Math.sqrt(dot(vector, vector));
  return Float64Array.from(vector, (value) => value / length);
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Return places from the highest score to the lowest; of equal ones the earlier goes first. */
function ranking(scores) {
  return Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
}

/** Return the direction of a sum of unit vectors, less others (lesson 09). */
function composed(added, taken) {
  const sum = new Float64Array((added[0] ?? taken[0]).length);
  for (const vector of added) addTo(sum, vector);
  for (const vector of taken) addTo(sum, vector.map((value) => -value));
  if (dot(sum, sum) < 1e-12) throw new Error("What is added and what is taken away cancel.");
  return unit(sum);
}

/** Return softmax of each row of a square of logits, or of each column, as a square. */
function shares(logits, { columns: byColumn }) {
  return byColumn ? transposed(transposed(logits).map(softmax)) : logits.map(softmax);
}

function transposed(square) {
  return square.map((_, column) => square.map((row) => row[column]));
}

/** Return the mean surprise at the diagonal, in nats: over rows, over columns, and their mean. */
function contrastiveLoss(logits) {
  const surprise = (square) => square.reduce((sum, row, i) => {
    const highest = Math.max(...row);
    return sum + Math.log(row.reduce((s, x) => s + Math.exp(x - highest), 0)) + highest - row[i];
  }, 0) / square.length;
  const rows = surprise(logits), columns = surprise(transposed(logits));
  return { rows, columns, loss: (rows + columns) / 2 };
}
