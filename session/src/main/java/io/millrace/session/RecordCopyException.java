package io.millrace.session;

/**
 * The {@linkplain RegistryContext#copier copier} failed on a record that a {@link RegistrySync} was to hand over. The sync
 * stands before it: another poll tries it again, {@link RegistrySync#skip()} goes on behind it. The cause is what the copier
 * threw.
 *
 * <p>To be rid of such a record, put another value in its place: a removal hands out what it removes, so the copier fails there, too.
 */
public final class RecordCopyException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** What kind of record it is. */
    private final String type;

    /** Which record of its type it is. */
    private final String id;

    /** Of the record. */
    private final long version;

    RecordCopyException(final RegistryRecord<?> record, final Throwable cause) {
        super(
                "a record cannot be copied: type=" + record.type() + " id=" + record.id() + " version="
                        + record.version(),
                cause);
        type = record.type();
        id = record.id();
        version = record.version();
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
     * @return number of the change that was to be handed over.
     */
    public long version() {
        return version;
    }
}
