package io.postpaid.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Kills the process, as far as its database and its gateways can tell: before and after each statement, commit and call
 * to the outside lies a point; at the chosen one, and from then on at all of them, nothing goes on.
 */
public final class Crashes {
    /** Every third point in the daily build, each in the deep one. */
    public static final int STEP = Integer.getInteger("crash.step", 5);

    private long left = Long.MAX_VALUE;
    private long passed;
    private boolean dead;

    /** Dies at the n-th point from here. */
    public synchronized void killAfter(long points) {
        left = points;
        passed = 0;
        dead = false;
    }

    /** Another process takes over. */
    public synchronized void revive() {
        killAfter(Long.MAX_VALUE);
    }

    public synchronized boolean dead() {
        return dead;
    }

    public synchronized long passed() {
        return passed;
    }

    public synchronized void point() {
        if (dead || left == 0) {
            dead = true;
            throw new Killed();
        }
        left--;
        passed++;
    }

    public DataSource around(DataSource database) {
        return proxy(DataSource.class, database, false);
    }

    /** The same object, with a point before and after each call where all is asked for, else where the database hears. */
    @SuppressWarnings("unchecked")
    public <T> T proxy(Class<T> type, T target, boolean all) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            boolean heard = all
                    || method.getName().startsWith("execute")
                    || method.getName().equals("commit");
            if (heard) point();
            @Nullable Object result;
            try {
                method.setAccessible(true);
                result = method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
            }
            if (heard) point();
            // Who asks for the driver's own object gets it, and no points with it.
            if (method.getName().equals("unwrap")) return result;
            return switch (result) {
                case Connection connection when !all -> proxy(Connection.class, connection, false);
                case java.sql.CallableStatement statement
                when !all -> proxy(java.sql.CallableStatement.class, statement, false);
                case java.sql.PreparedStatement statement
                when !all -> proxy(java.sql.PreparedStatement.class, statement, false);
                case Statement statement when !all -> proxy(Statement.class, statement, false);
                case null, default -> result;
            };
        });
    }
}
