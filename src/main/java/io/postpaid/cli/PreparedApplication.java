package io.postpaid.cli;

import java.util.Optional;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * The application as commands have it: its beans were written down when it was built, so that no start has to look for them
 * (decision 0147). Conditions were decided then too: what depends on settings is decided in the methods of beans.
 */
public final class PreparedApplication extends SpringApplication {
    /** Adds beans that are there on a condition; who sets it waits for all beans to be looked for. */
    private static final String TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private final Class<?> application;

    public PreparedApplication(Class<?> application) {
        super(application);
        this.application = application;
        setWebApplicationType(WebApplicationType.NONE);
        setLazyInitialization(true);
        setApplicationContextFactory(ApplicationContextFactory.ofContextClass(GenericApplicationContext.class));
    }

    @Override
    protected void load(ApplicationContext context, Object[] sources) {
        var prepared = context.getEnvironment().containsProperty(TRACES)
                ? Optional.<ApplicationContextInitializer<GenericApplicationContext>>empty()
                : prepared();
        prepared.ifPresentOrElse(
                beans -> beans.initialize((GenericApplicationContext) context), () -> super.load(context, sources));
    }

    /** Nothing where only the compiler ran: in a development environment, and with the profile {@code quick}. */
    @SuppressWarnings("unchecked")
    private Optional<ApplicationContextInitializer<GenericApplicationContext>> prepared() {
        if (Boolean.getBoolean("postpaid.unprepared")) return Optional.empty();
        try {
            var name = application.getPackageName() + ".Commands__ApplicationContextInitializer";
            var beans = ClassUtils.forName(name, application.getClassLoader());
            return Optional.of(
                    (ApplicationContextInitializer<GenericApplicationContext>) BeanUtils.instantiateClass(beans));
        } catch (ClassNotFoundException _) {
            return Optional.empty();
        }
    }
}
