package io.postpaid.platform.audit;

import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Who acts in a piece of work, as its caller has said: it counts before what a request or a command says. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class StatedActor implements ActorSource {
    private static final ScopedValue<Actor> ACTOR = ScopedValue.newInstance();

    @Override
    public Optional<Actor> current() {
        return ACTOR.isBound() ? Optional.of(ACTOR.get()) : Optional.empty();
    }

    public static <T> T as(Actor actor, Supplier<T> work) {
        return ScopedValue.where(ACTOR, actor).call(work::get);
    }
}
