package io.postpaid.books.explain;

import io.postpaid.books.explain.ExplanationWriter.Aggregated;
import io.postpaid.books.explain.ExplanationWriter.Day;
import io.postpaid.usage.aggregate.KeptRecords;
import java.util.List;
import java.util.Optional;

/** The records of a day that runs have kept outside of the database. */
record KeptDay(KeptRecords kept, String account, Day day, long most, ExplanationWriter told) {

    /** Gives a difference where all records were shown, and are not what was imported. */
    Optional<String> tell(List<Aggregated> runs) {
        var imported = new DayRecords();
        var found = new DayRecords();
        boolean all = !runs.isEmpty();
        for (var sums : runs) {
            told.aggregated(sums);
            imported.add(sums);
            all &= tell(sums, found);
        }
        boolean same =
                imported.counted() == found.counted() && imported.quantity().compareTo(found.quantity()) == 0;
        return !all || same
                ? Optional.empty()
                : Optional.of("Runs added up %d records of %s on %s with %s, but keep %d with %s"
                        .formatted(
                                imported.counted(),
                                day.product(),
                                day.day(),
                                Explanations.plain(imported.quantity()),
                                found.counted(),
                                Explanations.plain(found.quantity())));
    }

    private boolean tell(Aggregated sums, DayRecords found) {
        var folder = kept.folder(sums.folder());
        if (folder.isEmpty()) return false;
        var shown = new long[1];
        kept.each(sums.run(), folder.get(), account, day.product(), day.day(), most, record -> {
            found.add(record);
            told.record(record);
            shown[0]++;
        });
        return shown[0] < most;
    }
}
