"""1,000 names, cleaned by hand, and 80 templates, from OpenAI.

open_clip brings them; they were published in OpenAI's
[notebook on prompts](https://github.com/openai/CLIP/blob/main/notebooks/Prompt_Engineering_for_ImageNet.ipynb).
"""

from collections import Counter

from open_clip import IMAGENET_CLASSNAMES as NAMES
from open_clip import OPENAI_IMAGENET_TEMPLATES as TEMPLATES

counts = Counter(NAMES)
print(len(TEMPLATES), "templates, such as", [say("cat") for say in TEMPLATES[:3]])
print(len(NAMES), "names; twice:", [name for name in counts if counts[name] > 1])
print("made clear:", [name for name in NAMES if "crane" in name or name == "metal nail"])
print("in brackets:", [name for name in NAMES if "(" in name])
