package io.millrace.session;

import java.util.Objects;

/**
 * One version of one record of a {@link Registry}, or, in a change log, its removal. Never changes.
 *
 * @param <T> type of the value.
 */
public final class RegistryRecord<T> {
    /** Of type and id: kept, for it tells other records apart without a look at their strings. */
    final int hash;

    private final String type;
    private final String id;
    private final long version;
    private final long modifiedAtMs;
    private final T value;

    RegistryRecord(final String type, final String id, final long version, final long modifiedAtMs, final T value) {
        this.type = type;
        this.id = id;
        this.version = version;
        this.modifiedAtMs = modifiedAtMs;
        this.value = value;
        this.hash = RecordIndex.hash(type, id);
    }

    /**
     * The type.
     *
     * @return what kind of record it is.
     */
    public String type() {
        return type;
    }

    /**
     * The id.
     *
     * @return which record of its type it is.
     */
    public String id() {
        return id;
    }

    /**
     * The version.
     *
     * @return number of the change that made it: grows by one with every change to the registry.
     */
    public long version() {
        return version;
    }

    /**
     * When it was changed.
     *
     * @return time of the registry's clock, in milliseconds.
     */
    public long modifiedAtMs() {
        return modifiedAtMs;
    }

    /**
     * The value.
     *
     * @return what was put, or null for a removal.
     */
    public T value() {
        return value;
    }

    /**
     * Whether the change was a removal.
     *
     * @return true if the record is gone since.
     */
    public boolean isRemoval() {
        return value == null;
    }

    /** Mostly the very strings that were put: then nothing else has to be loaded. */
    boolean isAt(final String otherType, final String otherId, final int otherHash) {
        return (isSame(id, otherId) || (hash == otherHash && id.equals(otherId)))
                && (isSame(type, otherType) || type.equals(otherType));
    }

    private static boolean isSame(final Object string, final Object other) {
        return string == other;
    }

    RegistryRecord<T> withValue(final T copy) {
        return new RegistryRecord<>(type, id, version, modifiedAtMs, copy);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof RegistryRecord<?> record
                && version == record.version
                && modifiedAtMs == record.modifiedAtMs
                && type.equals(record.type)
                && id.equals(record.id)
                && Objects.equals(value, record.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, id, version);
    }

    @Override
    public String toString() {
        return type + "/" + id + " version=" + version + " value=" + value;
    }
}
