package io.millrace.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * What a {@link Registry} is made with. One thread; read once, when the registry is made.
 *
 * @param <T> type of the values.
 */
public final class RegistryContext<T> {
    private final Map<String, Function<? super T, ?>> indexes = new LinkedHashMap<>();
    private EpochClock clock = SystemEpochClock.INSTANCE;
    private int logCapacity = 4_096;
    private TypeOptions typeOptions = TypeOptions.UNBOUNDED;
    private UnaryOperator<T> copier;
    private long serverVersion = ThreadLocalRandom.current().nextLong(1L << 32, 1L << 48);

    /** Makes a context with the defaults. */
    public RegistryContext() {}

    /**
     * Adds an index, so that filters may name a field.
     *
     * @param field name of the field.
     * @param read  reads the field of a value: pure; its result is immutable, or null for a value without that field.
     * @return this.
     * @throws IllegalArgumentException if the field has an index.
     */
    public RegistryContext<T> index(final String field, final Function<? super T, ?> read) {
        Objects.requireNonNull(read, "read");
        if (indexes.putIfAbsent(Objects.requireNonNull(field, "field"), read) != null) {
            throw new IllegalArgumentException("the field has an index: field=" + field);
        }
        return this;
    }

    /**
     * The indexes.
     *
     * @return a copy: fields and how they are read.
     */
    public Map<String, Function<? super T, ?>> indexes() {
        return Map.copyOf(indexes);
    }

    /**
     * Sets the clock that ages are read from, the system's unless set.
     *
     * @param value in milliseconds.
     * @return this.
     */
    public RegistryContext<T> clock(final EpochClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * The clock.
     *
     * @return what ages are read from.
     */
    public EpochClock clock() {
        return clock;
    }

    /**
     * Sets how many changes are remembered for readers that sync, 4,096 unless set.
     *
     * @param value from 0 to 2^24; a reader further behind is told to start over.
     * @return this.
     * @throws IllegalArgumentException if out of range.
     */
    public RegistryContext<T> logCapacity(final int value) {
        if (value < 0 || value > 1 << 24) {
            throw new IllegalArgumentException("out of range: logCapacity=" + value);
        }
        logCapacity = value;
        return this;
    }

    /**
     * How many changes are remembered.
     *
     * @return length of the change log.
     */
    public int logCapacity() {
        return logCapacity;
    }

    /**
     * Sets the bounds of every type that is given none of its own by {@link Registry#options}: none unless set. How many types there
     * are is not bounded.
     *
     * @param value bounds of each.
     * @return this.
     */
    public RegistryContext<T> typeOptions(final TypeOptions value) {
        typeOptions = Objects.requireNonNull(value, "typeOptions");
        return this;
    }

    /**
     * The bounds of every type that is given none of its own.
     *
     * @return bounds of each.
     */
    public TypeOptions typeOptions() {
        return typeOptions;
    }

    /**
     * Sets how values are copied at the edge, on the way in and on the way out. Needed if they are mutable; without it
     * they are shared and must be immutable. What it throws goes to the caller of the method that needed the copy, which
     * then changed nothing; a {@link RegistrySync} throws {@link RecordCopyException} with it.
     *
     * @param value makes a copy, never null, that shares nothing with its argument.
     * @return this.
     */
    public RegistryContext<T> copier(final UnaryOperator<T> value) {
        copier = value;
        return this;
    }

    /**
     * How values are copied.
     *
     * @return the copier, or null if values are immutable.
     */
    public UnaryOperator<T> copier() {
        return copier;
    }

    /**
     * Sets the first server version; at random unless set, so that a restart is not taken for the same server.
     *
     * @param value any number.
     * @return this.
     */
    public RegistryContext<T> serverVersion(final long value) {
        serverVersion = value;
        return this;
    }

    /**
     * The first server version.
     *
     * @return what the registry starts with.
     */
    public long serverVersion() {
        return serverVersion;
    }

    /** For debugging: bounds, indexed fields and the first server version. */
    @Override
    public String toString() {
        return "RegistryContext logCapacity=" + logCapacity + " typeOptions=" + typeOptions + " indexes="
                + indexes.keySet() + " copies=" + (copier != null) + " serverVersion=" + serverVersion;
    }
}
