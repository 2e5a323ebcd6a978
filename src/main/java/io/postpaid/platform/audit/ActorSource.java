package io.postpaid.platform.audit;

import java.util.Optional;

/** Knows who acts in the thread that asks. */
public interface ActorSource {
    /** Nobody where this source does not know. */
    Optional<Actor> current();
}
