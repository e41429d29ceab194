package io.millrace.session;

/** What a {@link RegistryWatch} finds. */
public interface WatchHandler {
    /**
     * A record was put or removed. By now it may have changed again: what it is can be read from the registry.
     *
     * @param version of the change.
     * @param type    of the record.
     * @param id      of the record.
     * @param removed whether it was removed.
     */
    void onChange(long version, String type, String id, boolean removed);

    /**
     * Changes are missing, because the watch was overtaken or the registry was cleared: everything has to be read again,
     * with {@link Registry#syncLatest}. Later changes follow.
     *
     * @param serverVersion of the registry, or -1 if the watch was overtaken.
     * @param version       of the registry, or -1 if the watch was overtaken.
     */
    void onStartOver(long serverVersion, long version);
}
