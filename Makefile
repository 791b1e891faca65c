# make lab      set up everything and open the first lesson   (ARGS="--port=9999" passes options on)
# make check    set up everything and check your exercises in my/    (ARGS="02" checks one)
# make test     set up everything and run all checks
# make quick    style, types, layers and the tests of what has changed: before each commit
# make test-gpu set up everything and run the checks that need CUDA; without it they are skipped, loudly
# make weights  train a shipped model again          (ARGS="tiny"; an hour or more; it resumes)
# make setup    set up alone                                  (PYTHON=python3.12 chooses the Python)
# make lessons  run the lessons again, in place               (ARGS="01 02" runs only these)
# make exercises  run the solutions again, and make the exercises from them  (ARGS="01 02")
# make readme   write the README's tables, the course map and the cards' numbers again
# make bench    measure beside peers, and write bench/RESULTS.md   (ARGS="search"; ARGS=--large)
# make site     build the pages to read, build/site           (ARGS=--serve serves them, too)
# make pins     write constraints.txt from what .venv holds
PYTHON ?= python3
ARGS ?=
ifeq ($(OS),Windows_NT)
VENV := .venv/Scripts/python.exe
else
VENV := .venv/bin/python
endif
export TORCH_INDEX
.PHONY: lab check test quick test-gpu weights setup setup-dev lessons exercises readme bench site pins

lab: setup
	@$(VENV) -m mmcourse lab $(ARGS)

check: setup
	@$(VENV) -m mmcourse check $(ARGS) || test $$? -eq 1 # not all solved: no error of make's

test: setup-dev
	@$(VENV) scripts/run_checks.py $(ARGS)

quick: setup-dev
	@$(VENV) scripts/run_checks.py --quick

test-gpu: setup-dev
	@$(VENV) -m pytest -m gpu $(ARGS)

weights: setup-dev
	@$(VENV) scripts/train_weights.py $(ARGS)

setup setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "setup: no $(PYTHON) here; name one: make setup PYTHON=..."; exit 1; }
	@$(PYTHON) scripts/install.py $(if $(filter setup-dev,$@),--dev) $(if $(filter file,$(origin PYTHON)),,--chosen)

lessons: setup-dev
	@$(VENV) scripts/run_lessons.py $(ARGS)

exercises: setup-dev
	@$(VENV) scripts/make_exercises.py $(ARGS)

readme: setup-dev
	@$(VENV) scripts/draw_course_map.py
	@$(VENV) scripts/make_readme.py
	@$(VENV) scripts/make_world_card.py
	@$(VENV) scripts/make_model_card.py
	@$(VENV) scripts/make_looking_back.py

bench: setup-dev
	@$(VENV) -m bench $(ARGS)

site: setup-dev
	@$(VENV) scripts/build_site.py $(ARGS)

pins: setup-dev
	@$(VENV) scripts/make_pins.py
