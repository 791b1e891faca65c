#!/usr/bin/env bash
# Prepare Gradescope's container, once: Python 3.11 or newer, the course's packages, a user.
#
# Gradescope runs this as root, with the unpacked zip in /autograder/source.
set -euo pipefail

autograder="${AUTOGRADER:-/autograder}"
source="$autograder/source"
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install -y --no-install-recommends bubblewrap util-linux
found=""
for python in python3.13 python3.12 python3.11; do
    if apt-get install -y --no-install-recommends "$python" "$python-venv"; then
        found="$python"
        break
    fi
done
if [ -z "$found" ]; then
    echo "setup.sh: no Python 3.11 or newer for this image; choose Ubuntu 22.04 or newer." >&2
    exit 1
fi

"$found" -m venv "$autograder/venv"
"$autograder/venv/bin/python" -m pip install \
    --disable-pip-version-check --no-cache-dir \
    --extra-index-url https://download.pytorch.org/whl/cpu \
    --constraint "$source/course/constraints.txt" \
    --requirement "$source/requirements.txt"

# Grading runs as this user, so that Landlock holds a submission in; root writes the results.
id grader >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin grader
chmod -R a+rX "$source" "$autograder/venv"
