"""Where frames wait: newest wins, every frame in order, credit, and nobody twice before the others once."""

import threading

import numpy as np

from bridge.mailbox import Mailbox
from bridge.orders import Changing, Closing, Delivery, Frame, Opening
from generator.blendshape_map import load_map, passage
from generator.face_generator import StreamSettings

SETTINGS = StreamSettings("teal", 64)
SAME = passage("arkit55", "arkit55", load_map())
LOUD = StreamSettings("teal", 64, expression_scale=2.0)


def frame(sequence: int) -> Frame:
    return Frame(sequence, 0, "", 0, np.zeros(55, np.float32))


def mailbox(*keys: int, every: bool = False, credit: int = 2) -> Mailbox:
    box = Mailbox()
    for key in keys:
        box.open(Opening(key, SETTINGS, Delivery(every, credit), SAME))
    return box


def taken(box: Mailbox, most: int = 8) -> list[tuple[int, int, int]]:
    work = box.take(most)
    assert work
    return [(one.key, one.frame.sequence, one.dropped) for one in work.frames]


def test_the_newest_frame_wins_and_the_others_are_counted() -> None:
    box = mailbox(1)

    assert [box.put(1, frame(sequence)) for sequence in range(4)] == [0, 1, 1, 1]

    assert taken(box) == [(1, 3, 3)]


def test_every_frame_waits_its_turn() -> None:
    box = mailbox(1, every=True, credit=3)

    assert [box.put(1, frame(sequence)) for sequence in range(3)] == [0, 0, 0]

    assert [taken(box), taken(box), taken(box)] == [[(1, 0, 0)], [(1, 1, 0)], [(1, 2, 0)]]


def test_a_stream_without_credit_is_not_drawn_until_it_has_some() -> None:
    box = mailbox(1, 2, credit=1)
    for key in (1, 2):
        box.put(key, frame(0))
    assert taken(box) == [(1, 0, 0), (2, 0, 0)]
    for key in (1, 2):
        box.put(key, frame(1))

    box.refund(2, 1)
    assert taken(box) == [(2, 1, 0)]
    box.put(1, frame(2))
    box.refund(1, 1)
    assert taken(box) == [(1, 2, 1)]


def test_no_stream_comes_again_before_the_others_came_once() -> None:
    box = mailbox(1, 2, 3, every=True, credit=9)
    for key in (1, 1, 1, 2, 3):
        box.put(key, frame(0))

    assert [[key for key, _, _ in taken(box, most=2)] for _ in range(3)] == [[1, 2], [3, 1], [1]]


def test_orders_come_before_frames_and_an_opening_before_its_change() -> None:
    box = mailbox(1)
    box.put(1, frame(0))
    box.change(Changing(1, LOUD, reset=True))
    box.open(Opening(2, SETTINGS, Delivery(False, 1), SAME))

    work = box.take(8)

    assert work
    assert [type(order) for order in work.orders] == [Opening, Opening, Changing]
    assert [one.key for one in work.frames] == [1]


def test_changes_that_were_not_seen_become_one_and_a_reset_among_them_stays() -> None:
    box = mailbox(1)
    box.take(8)

    box.change(Changing(1, SETTINGS, reset=True))
    box.change(Changing(1, LOUD, reset=False))

    work = box.take(8)
    assert work
    assert work.orders == [Changing(1, LOUD, reset=True)]


def test_a_closed_stream_leaves_nothing_but_its_closing() -> None:
    box = mailbox(1, every=True)
    box.take(8)
    box.put(1, frame(0))
    box.put(1, frame(1))
    box.change(Changing(1, LOUD, reset=False))

    assert box.close(1) == 2

    box.put(1, frame(2))
    box.refund(1, 1)
    box.change(Changing(1, LOUD, reset=False))
    assert box.close(1) == 0
    work = box.take(8)
    assert work
    assert (work.orders, work.frames) == ([Closing(1)], [])


def test_a_frame_wakes_the_one_who_waits() -> None:
    box = mailbox(1)
    box.take(8)
    seen: list[list[tuple[int, int, int]]] = []
    waiting = threading.Thread(target=lambda: seen.append(taken(box)))
    waiting.start()

    box.put(1, frame(5))

    waiting.join(20)
    assert seen == [[(1, 5, 0)]]


def test_stopping_wakes_the_one_who_waits() -> None:
    box = mailbox()
    seen: list[object] = []
    waiting = threading.Thread(target=lambda: seen.append(box.take(8)))
    waiting.start()

    box.stop()

    waiting.join(20)
    assert seen == [None]
