from core.registries.profile import Answer, Piece, Question


def test_a_name_that_ends_with_a_full_stop_ends_its_sentence():
    question = Question("who", "Who", "user", "Nobody knows.", 10)
    pieces = (Piece(["A person, for Nowak z o.o..", "Here since May."]), Piece(["And so on..."]))
    assert Answer(question, pieces).sentences == [
        "A person, for Nowak z o.o.",
        "Here since May.",
        "And so on...",
    ]
