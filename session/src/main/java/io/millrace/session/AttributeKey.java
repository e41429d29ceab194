package io.millrace.session;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Names an attribute and fixes its type. Two keys are never equal, whatever their names: keep a key in a constant, and
 * nobody who does not have it can read or write what is stored under it.
 *
 * <p>Immutable; any thread.
 *
 * @param <T> type of the values: immutable, unless the key {@linkplain #copied copies} them.
 */
public final class AttributeKey<T> {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Distinct and dense, so that a table finds a key without collisions to speak of. */
    final int id = COUNT.getAndIncrement();

    private final String name;
    private final Class<T> type;
    private final ToLongFunction<? super T> weightBytes;
    private final UnaryOperator<T> copier;

    private AttributeKey(
            final String name,
            final Class<T> type,
            final ToLongFunction<? super T> weightBytes,
            final UnaryOperator<T> copier) {
        this.name = Objects.requireNonNull(name, "name");
        if (Objects.requireNonNull(type, "type").isPrimitive()) {
            throw new IllegalArgumentException("no value is of a primitive type: name=" + name + " type=" + type);
        }
        this.type = type;
        this.weightBytes = Objects.requireNonNull(weightBytes, "weightBytes");
        this.copier = copier;
    }

    /**
     * A key for values of an immutable type.
     *
     * @param name        to show, need not be unique.
     * @param type        of the values, checked whenever one is stored.
     * @param weightBytes what a value counts against the bound in bytes: pure, not negative.
     * @param <T>         type of the values.
     * @return a new key.
     */
    public static <T> AttributeKey<T> of(
            final String name, final Class<T> type, final ToLongFunction<? super T> weightBytes) {
        return new AttributeKey<>(name, type, weightBytes, null);
    }

    /**
     * A key for values of a mutable type: copied on the way in and on the way out.
     *
     * @param name        to show, need not be unique.
     * @param type        of the values, checked whenever one is stored.
     * @param weightBytes what a value counts against the bound in bytes: pure, not negative.
     * @param copier      makes a copy, never null, that shares nothing with its argument.
     * @param <T>         type of the values.
     * @return a new key.
     */
    public static <T> AttributeKey<T> copied(
            final String name,
            final Class<T> type,
            final ToLongFunction<? super T> weightBytes,
            final UnaryOperator<T> copier) {
        return new AttributeKey<>(name, type, weightBytes, Objects.requireNonNull(copier, "copier"));
    }

    /**
     * A key for text, which weighs two bytes a character.
     *
     * @param name to show, need not be unique.
     * @return a new key.
     */
    public static AttributeKey<String> ofText(final String name) {
        return of(name, String.class, text -> 2L * text.length());
    }

    /**
     * A key for numbers of 64 bits.
     *
     * @param name to show, need not be unique.
     * @return a new key.
     */
    public static AttributeKey<Long> ofLong(final String name) {
        return of(name, Long.class, number -> Long.BYTES);
    }

    /**
     * A key for bytes, copied on the way in and on the way out.
     *
     * @param name to show, need not be unique.
     * @return a new key.
     */
    public static AttributeKey<byte[]> ofBytes(final String name) {
        return copied(name, byte[].class, bytes -> bytes.length, byte[]::clone);
    }

    /**
     * The name.
     *
     * @return what the key was made with.
     */
    public String name() {
        return name;
    }

    /**
     * The type of the values.
     *
     * @return what the key was made with.
     */
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name + ":" + type.getSimpleName();
    }

    /** The value as it may be stored. */
    T stored(final T value) {
        Objects.requireNonNull(value, name);
        if (!type.isInstance(value)) {
            throw new ClassCastException("foreign type: key=" + this + " value of "
                    + value.getClass().getName());
        }
        return copier == null ? value : copy(value);
    }

    /** Never null, which would stand for no value. */
    private T copy(final T value) {
        return Objects.requireNonNull(copier.apply(value), "the copier answered null");
    }

    /** A stored value as it may be handed out. */
    @SuppressWarnings("unchecked")
    T handedOut(final Object stored) {
        return copier == null || stored == null ? (T) stored : copy((T) stored);
    }

    @SuppressWarnings("unchecked")
    long weightBytes(final Object stored) {
        final long weight = weightBytes.applyAsLong((T) stored);
        if (weight < 0) {
            throw new IllegalArgumentException("a weight is not negative: key=" + this + " weightBytes=" + weight);
        }
        return weight;
    }
}
