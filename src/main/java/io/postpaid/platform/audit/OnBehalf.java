package io.postpaid.platform.audit;

import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Work for a person whom its caller names, who counts before whom a request or a command names. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class OnBehalf implements ActorSource {
    private static final ScopedValue<Actor> ACTOR = ScopedValue.newInstance();

    /** Does it; what it changes is the actor's, where no thread of its own does that. */
    public static <T> T of(Actor actor, Supplier<T> work) {
        return ScopedValue.where(ACTOR, actor).call(work::get);
    }

    @Override
    public Optional<Actor> current() {
        return ACTOR.isBound() ? Optional.of(ACTOR.get()) : Optional.empty();
    }
}
