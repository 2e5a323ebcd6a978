package io.postpaid.platform.batch;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.ActorSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** In a worker: who acts is who runs the run that it helps with. There is one at a time. */
@Component
class HelpedRun implements ActorSource {
    private volatile @Nullable Actor actor;

    void of(@Nullable Actor actor) {
        this.actor = actor;
    }

    @Override
    public Optional<Actor> current() {
        return Optional.ofNullable(actor);
    }
}
