"""Which messages begin a job of alt texts, and which are questions like any other."""

from __future__ import annotations

import pytest

from bot.slack.bulk.wanting import Where, wanted

THREAD = [
    "write alt text for all images in this thread",
    "Alt text for all images in this thread, please",
    "Please write alt texts for all the pictures in this thread.",
    "can you write alt text for every image here?",
    "Could you generate alt-text for each of the photos in this thread as a CSV?",
    "I need alt text for all 200 files",
    "alt text for 200 files",
    "Give me alternative text for all of them",
    "Add alt descriptions to all screenshots above",
    "For all the images in this thread, write an alt text each",
    "create alt tags for every single image in this conversation",
    "We need alt text for all our product photos",
    "alt texts for the images in this thread",
    "Hi, please do alt text for everything posted so far",
    "Generate alt text for all images that I posted in this thread",
    "Write captions and alt text for all images",
    "Alt text for all pictures. As a CSV.",
    "would you mind writing alt text for all the images of this thread?",
    "make alt text for all 40 images",
    "ok now alt text for each image",
    "bulk alt text for this thread please",
    "alt text for the whole thread",
    "alt text for all of the above",
    "can I have alt text for all the pics?",
    "all images in this thread need alt text",
    "give every image alt text",
    "Write alt text (max 125 chars) for all images in this thread",
    "add alt text to every photo in the thread and send me a csv",
]
MESSAGE = [
    "alt text for these 200 files",
    "Write alt text for these images",
    "alt text for all these pictures",
    "Alt texts for the attached files, please",
    "write alt text for all of these",
]
CHANNEL = [
    "write alt text for all images in this channel",
    "alt texts for every picture in the whole channel",
]
QUESTIONS = [
    "write alt text for this image",
    "alt text for image 2",
    "alt text for images 2 and 5",
    "Alt text for the last image",
    "alt text please",
    "write alt text for it",
    "What is alt text?",
    "How do I write alt text for all images on my site?",
    "did you write alt text for all the images?",
    "alt text for all images except image 3",
    "alt text for all images that show a dog",
    "alt text for all pictures of dogs",
    "alt text for all images with text in them",
    "Don't write alt text for all images",
    "Stop writing alt text for all images",
    "The alt texts for all images are wrong",
    "I wrote alt text for all images already",
    "Translate the alt texts of all images",
    "Compare the alt text of all images",
    "write alt text for all images and classify each as photo or drawing",
    "describe all images in this thread",
    "read the text in all images",
    "keywords for all images",
    "how many images in this thread have alt text?",
    "What would you write as alt text for these images?",
    "is there alt text for all images in this thread?",
    "can you write alt text for all images in a thread?",
    "do you write alt text for all images?",
    "do these images have alt text?",
    "Which of these images have no alt text?",
    "make the alt text for all images shorter",
    "alt text for the first ten images",
    "alt text for the last 3 pictures",
    "alt text for one of these images",
    "alt text for the biggest of these images",
    "alt text for half of these images",
    "alt text for some of the images",
    "alt text for all receipts from March",
    "alt text for image 2 in this thread",
    "shorten the alt text for all of these",
    "alt text for images 1 to 30",
    "thanks for the alt texts for all these images",
    "What does this say?",
    "",
]


@pytest.mark.parametrize("words", THREAD)
def test_all_images_of_a_thread_are_a_job(words: str) -> None:
    assert wanted(words) is Where.THREAD


@pytest.mark.parametrize("words", MESSAGE)
def test_these_files_are_those_of_the_message(words: str) -> None:
    assert wanted(words) is Where.MESSAGE


@pytest.mark.parametrize("words", CHANNEL)
def test_a_channel_has_to_be_named(words: str) -> None:
    assert wanted(words) is Where.CHANNEL


@pytest.mark.parametrize("words", QUESTIONS)
def test_anything_else_is_a_question(words: str) -> None:
    assert wanted(words) is None


def test_a_very_long_message_is_judged_at_once() -> None:
    assert wanted("alt text for all " * 20_000) is None
