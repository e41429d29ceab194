package io.millrace.session;

import java.util.List;

/**
 * Records, and the version of exactly these records: what a reader starts from before it syncs.
 *
 * @param serverVersion of the registry.
 * @param version       of the registry when it had these records.
 * @param records       an immutable list.
 * @param <T>           type of the values.
 */
public record SyncLatest<T>(long serverVersion, long version, List<RegistryRecord<T>> records) {
    /**
     * Copies the list.
     *
     * @param serverVersion of the registry.
     * @param version       of the registry when it had these records.
     * @param records       copied.
     */
    public SyncLatest {
        records = List.copyOf(records);
    }
}
