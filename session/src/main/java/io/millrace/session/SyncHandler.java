package io.millrace.session;

/**
 * What a {@link RegistrySync} finds.
 *
 * @param <T> type of the values.
 */
public interface SyncHandler<T> {
    /**
     * Where the reader stands: always the first item, and the first of whatever comes after a break.
     *
     * @param serverVersion of the registry.
     * @param version       of the registry.
     * @param startOver     whether changes are missing: the reader has to read everything again, with
     *                      {@link Registry#snapshot}, or {@link Registry#syncLatest} for one type, and nothing more comes of this sync.
     */
    void onControl(long serverVersion, long version, boolean startOver);

    /**
     * One change, in the order of versions, none left out but what the reader itself {@linkplain RegistrySync#skip() skips}.
     *
     * @param change the new record, or its removal.
     */
    void onChange(RegistryRecord<T> change);
}
