package io.postpaid.cli;

/** The arguments do not go together, which only the command itself can see. */
final class WrongUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUse(String why) {
        super(why, null, false, false);
    }
}
