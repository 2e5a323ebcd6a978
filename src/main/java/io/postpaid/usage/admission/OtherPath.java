package io.postpaid.usage.admission;

import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.Reason;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sources whose usage comes the other way. A key is looked up where the usage of its source came before, so that a source that
 * came both ways would be billed twice.
 *
 * @param aggregating whether it is asked for by the run that aggregates, and not by ingest
 */
public record OtherPath(Set<String> sources, boolean aggregating) {
    static OtherPath ofIngest(Set<String> aggregated) {
        return new OtherPath(aggregated, false);
    }

    /** Why usage of the source is not taken this way; null if it is. */
    @Nullable
    Refused objection(String source) {
        if (aggregating && OwnVoice.isReserved(source)) {
            return refused("the source '%s' is not aggregated: usage ingest takes its corrections", source);
        }
        if (!sources.contains(source)) return null;
        return aggregating
                ? refused("usage of the source '%s' was ingested before, and is not aggregated too", source)
                : refused("usage of the source '%s' comes by usage aggregate alone", source);
    }

    private static Refused refused(String sentence, String source) {
        return new Refused(Reason.OTHER_PATH, sentence.formatted(source));
    }

    /** Who takes what is a little early once its time has come. */
    String triesAgain() {
        return aggregating ? "; a later run takes it when it is sent again" : "; the nightly run tries it again";
    }
}
