"""A CLIP in training: its model, and the loss of a step, which its number alone decides.

Pictures and captions of a batch find each other; twins find each other among two; and where
there is a teacher, pictures lie where it puts them. Each of several processes encodes its own
part, and the loss is of the whole batch. Leaves out the steps themselves (`train_weights`).
"""

import torch
from first_weights import first_weights
from locked_pictures import LockedPictures
from precision import mixed, numbers
from processes import Processes
from recipes import Phase, Recipe
from shared_norm import share_norms
from torch import Tensor
from torch.nn import functional as F
from training_data import TrainingSet
from training_twins import twin_loss

from mmcourse import clip
from mmcourse.data.compact import CompactTokens
from mmcourse.losses import multi_positive_loss, multi_positive_targets, ring_clip_loss

ALONE = Processes()


class Trainee:
    """A model in training, with what it learns from.

    Args:
        recipe: how it is made.
        data: pictures and captions.
        device: where it learns.
        processes: which of those that train together this is.
    """

    def __init__(
        self,
        recipe: Recipe,
        data: TrainingSet,
        device: str,
        processes: Processes = ALONE,
    ) -> None:
        self.recipe, self.data, self.processes = recipe, data, processes
        self.tokens = CompactTokens(sorted(data.words))
        self.model = first_weights(recipe, self.tokens.ids).to(device)
        if processes.several:
            share_norms(self.model)
        kind = torch.device(device).type
        faster = processes.all_agree(yes=numbers(kind) is torch.bfloat16, device=device)
        self.numbers = torch.bfloat16 if faster else torch.float32
        self.locked, self.teacher = None, None
        if recipe.locked is not None:
            self.locked = LockedPictures(data, self.model.eval(), progress=processes.first)
        if recipe.teacher is not None:
            self.teacher = clip.load(recipe.teacher, device)[0]

    def loss_at(self, step: int) -> Tensor:
        """Return the loss of one step, which its number decides."""
        phase, device = self.recipe.phase(step), self.model.logit_scale.device
        if self.locked is not None:
            image_features, captions = self.locked.batch(step, phase.batch, phase.diet)
            return self._matching(image_features[self._rows(phase)], captions, phase)
        images, captions = self.data.batch(step, phase.batch, phase.diet)
        images = images[self._rows(phase)].to(device)
        images = images.contiguous(memory_format=torch.channels_last)
        with mixed(device.type, self.numbers):
            image_features = self.model.encode_image(images)
        image_features = F.normalize(image_features.float(), dim=-1)
        loss = self._matching(image_features, captions, phase)
        return loss if self.teacher is None else loss + self._distance(image_features, images)

    def _rows(self, phase: Phase) -> list[int]:
        """Return which rows of a batch are this process's; pairs of twins lead them."""
        return self.processes.part(phase.batch, 2 * phase.diet.pairs(phase.batch))

    def _matching(self, image_features: Tensor, captions: list[str], phase: Phase) -> Tensor:
        """Return how badly pictures and captions find each other, and twins among two.

        Args:
            image_features: of this process's rows.
            captions: of the whole batch.
            phase: says which rows those are.
        """
        device, scale = image_features.device, self.model.logit_scale.exp()
        tokens = self.tokens([captions[row] for row in self._rows(phase)]).to(device)
        with mixed(device.type, self.numbers):
            text_features = self.model.encode_text(tokens)
        text_features = F.normalize(text_features.float(), dim=-1)
        if self.processes.several:
            labels = self._labels(captions, phase).to(device)
            loss = ring_clip_loss(image_features, text_features, scale, labels)
        else:
            logits = scale * image_features @ text_features.T
            loss = multi_positive_loss(logits, multi_positive_targets(captions).to(device))
        twice = 2 * phase.diet.pairs(phase.batch) // self.processes.world
        if not twice:
            return loss
        among_two = twin_loss(image_features[:twice], text_features[:twice], scale)
        return loss + self.processes.mean(among_two)

    def _labels(self, captions: list[str], phase: Phase) -> Tensor:
        """Return a number for each row of this process's; equal captions have equal ones."""
        number = {caption: place for place, caption in enumerate(captions)}
        return torch.tensor([number[captions[row]] for row in self._rows(phase)])

    def _distance(self, image_features: Tensor, images: Tensor) -> Tensor:
        """Return how far the picture embeddings are from the teacher's, in logits."""
        assert self.teacher is not None
        with torch.no_grad(), mixed(images.device.type, self.numbers):
            wanted = F.normalize(self.teacher.encode_image(images).float(), dim=-1)
        scale = self.model.logit_scale.detach().exp()
        return self.processes.mean(scale * (1 - (image_features * wanted).sum(-1)).mean())
