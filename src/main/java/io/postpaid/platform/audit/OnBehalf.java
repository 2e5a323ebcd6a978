package io.postpaid.platform.audit;

import java.util.Optional;
import org.springframework.stereotype.Component;

/** Work in a thread of its own that a person has asked for. */
@Component
public class OnBehalf implements ActorSource {
    private static final ScopedValue<Actor> ACTOR = ScopedValue.newInstance();

    /** Does it; what it changes is the actor's, where no thread of its own does that. */
    public static void of(Actor actor, Runnable work) {
        ScopedValue.where(ACTOR, actor).run(work);
    }

    @Override
    public Optional<Actor> current() {
        return ACTOR.isBound() ? Optional.of(ACTOR.get()) : Optional.empty();
    }
}
