r"""`python -m mmcourse ask FILE "what colour is the cat?"`: an answer about a picture.

Standard output holds the answer with its probability, `red 0.98`, or `not of the drawn world`
where the picture is unlike all that the answerer learnt from; all else goes to standard error.
Nothing leaves the machine.

There are 44 answers: kinds of thing, colours, one to four, sides, directions, yes and no. A
question is read as one of those that the drawn world asks (`--help` lists them), "color" as
"colour" and "gray" as "grey". It is taken at its word: asked for the colour of a cat that is
not there, the model says one. So it is also asked whether there is a cat, and if it sees none,
that is said beside the answer. Whoever asks for the colour of the cats hears `no answer: one
cat is there` where it counts one; "are there two cats?" is "yes" only if it sees a cat and
counts two. Of a question that it cannot read, it says which words it never learnt.

Exit status: 0 it is answered; 1 a fault (the file is no picture, the question is not one that
the model learnt, weights missing); 2 the command was not understood; 130 it was stopped.

`options` understands the words, `run` reads the question, looks and answers.

With --json, one object:

    {"path": "cat.png", "question": "what colour is the cat?", "answer": "red",
     "probability": 0.98, "guess": "red", "foreign": false, "distance": 0.41,
     "doubted": [], "lone": [], "answers": [{"answer": "red", "probability": 0.98}, …]}

`answer` is null for a foreign picture, and where the question takes several of a thing for
granted and one is seen; `guess` is what it would have been. `answers` has all that the question
can have, the likeliest first; what is missing to 1 went to answers of another sort. `doubted`
names what the question takes for granted and the model does not see, `lone` what it sees one
of in place of several. The JSON is plain ASCII.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

from collections.abc import Sequence

from mmcourse.ask.options import parse
from mmcourse.terminal import exit_status, open_outputs


def main(words: Sequence[str]) -> int:
    """Answer as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)

    def work() -> None:
        from mmcourse.ask.run import ask  # torch, which takes seconds to start

        ask(options)

    return exit_status("ask", work, stopped="nothing was answered")
