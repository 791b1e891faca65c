"""Multimodal models, one idea a file. This is the map.

A lesson teaches what stands in its line; read them in this order. The head of each folder
says in which order its files are read.

    00  world            a drawn universe in which every fact is known
        plots            every figure
        lesson           what a lesson claims, and what you said
    01  fusion           several senses answer, and are averaged
        audio            sound as a picture, then as a vector and a sentence
    02  similarity       which way vectors point
    03  losses           right pairs together, all others apart
        metrics          how good an answer is, and how sure that is
    04  small            a CLIP that learns in seconds
    05  data             pictures and captions as tensors
        train            one loop, and which parameters learn how
    06  tokenizer        text as numbers
        transformer      attention, blocks, masks
        clip             two towers, one space
        attention_maps   where a tower looks
        checkpoints      weights in files
    07  choice           which model a lesson uses
        images           pictures from files
    08  zeroshot         words as the weights of a classifier
    09  retrieval        an index of pictures, and how it is asked
        unknown_words    what a model never read
        search           the command that does it all
        indexes          the command that lists what it keeps
    10  few_shot         what a handful of labels adds, and what it costs
    11  probe            what a CLIP knows of the drawn world, and what it misses
    12  vqa              a question, a picture, and one of 44 answers
        captioning       a picture becomes the first words of a sentence
    13  autoencoder      pictures folded into a twelfth of their numbers
        rectified_flow   from noise to a picture, steered by words
        judge            what is to be seen, by one who never met CLIP
    15  speech           letters out of sound, though nobody says when
    16  codebook         pictures as codes, rounded so that gradients pass
        picture_words    pictures written like sentences, and read like them
    17  flamingo         a word learnt from a few pictures, by a model that stays as it is
    18  video            a film, its sound, and what is asked of both
    --  draw             the command that paints
        caption          the command that says what a picture shows
        ask              the command that answers about one
        listen           the command that says what sounds
        eyes             a picture's file, as those see it
        tiff             which numbers of a TIFF are black, and which white
        heic             the photos of iPhones
        quiet            no warnings while they are read
        pixel_budget     how many pixels all threads decode at a time
        recordings       sounds from files
        ears             a recording's file, as a captioner hears it
        foreign          which pictures are of another world
        home             the user's own folder, if there is one
        locked           what one process does at a time
        atomic           files that appear whole or not at all
        boundary         what may come in, and in which words it is refused
        command_line     words of a command as numbers, texts and files
        terminal         what a command prints

Every axis has one name, in signatures, comments and plots:

    batch        pairs that are looked at together; n and m where two sets meet
    height width of a picture in pixels; size where both are one
    tokens       places of a text or of a picture's patches; length where padding is cut off
    dim          numbers in an embedding; width inside a tower
    heads        parts of attention that look for themselves; head_dim numbers each
    classes      labels to choose from
    samples      of a sound in time; frames and mels of its spectrogram
    queries      what is asked, one row each; k best answers to it
"""

import sys

from mmcourse.moved import Finder

__version__ = "1.0.0"
"""Of this edition; `pyproject.toml`, `CHANGELOG.md` and `CITATION.cff` say the same."""

sys.meta_path.append(Finder())
