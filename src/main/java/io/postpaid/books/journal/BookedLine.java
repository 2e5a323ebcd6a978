package io.postpaid.books.journal;

/** A line of a journal with its account of the user's chart. */
record BookedLine(JournalLine line, ChartAccount account) {
    String text() {
        var own = account.option(ChartFile.TEXT);
        return own.isEmpty() ? line.text() : own;
    }

    /** What an entry is called where all of its lines must have the same name, which no other entry has. */
    String narration() {
        return line.entry() + " " + line.title()
                + (line.ofCurrency().equals(line.currency()) ? "" : " in " + line.ofCurrency());
    }
}
