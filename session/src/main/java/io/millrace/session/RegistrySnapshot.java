package io.millrace.session;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A {@link Registry} at one moment: its version is the version of exactly this content. Whatever happens to the registry
 * afterwards, it never changes, so lists of it may be walked at leisure.
 *
 * <p>Any thread; every method is wait-free.
 *
 * @param <T> type of the values.
 */
public final class RegistrySnapshot<T> {
    final Object[] index;
    final HashTrie<String, RecordShelf<T>> shelves;
    final ChangeLog<RegistryRecord<T>> log;
    /** What a type begins with: the indexes, and its bounds. */
    final RecordShelf<T> noRecords;

    final UnaryOperator<T> copier;
    private final long serverVersion;

    RegistrySnapshot(
            final RecordShelf<T> noRecords,
            final UnaryOperator<T> copier,
            final long serverVersion,
            final Object[] index,
            final HashTrie<String, RecordShelf<T>> shelves,
            final ChangeLog<RegistryRecord<T>> log) {
        this.noRecords = noRecords;
        this.copier = copier;
        this.serverVersion = serverVersion;
        this.index = index;
        this.shelves = shelves;
        this.log = log;
    }

    /**
     * The server version: changes when the registry is cleared or made anew, and then versions start over.
     *
     * @return the server version.
     */
    public long serverVersion() {
        return serverVersion;
    }

    /**
     * The version of this content.
     *
     * @return number of changes since the server version began.
     */
    public long version() {
        return log.end();
    }

    /**
     * The oldest version that a reader may still sync from.
     *
     * @return a version, at most {@link #version()}.
     */
    public long earliestVersion() {
        return log.end() - log.size();
    }

    /**
     * One record.
     *
     * @param type of the record.
     * @param id   of the record.
     * @return the record, or null if there is none.
     */
    public RegistryRecord<T> get(final String type, final String id) {
        final RegistryRecord<T> record = find(Objects.requireNonNull(type, "type"), Objects.requireNonNull(id, "id"));
        return record == null ? null : handedOut(record);
    }

    /**
     * All records of a type, in no order. Takes no time to make: it is a view of this snapshot.
     *
     * @param type to list.
     * @return an immutable collection, empty if there is no such type.
     */
    public Collection<RegistryRecord<T>> list(final String type) {
        final RecordShelf<T> shelf = shelves.get(Objects.requireNonNull(type, "type"));
        return shelf == null ? List.of() : new View(shelf.byId);
    }

    /**
     * The records of a type that a filter matches, in no order.
     *
     * @param type   to list.
     * @param filter to match.
     * @return an immutable list, empty if there is no such type.
     * @throws IllegalArgumentException if the filter names a field that is not indexed.
     */
    public List<RegistryRecord<T>> list(final String type, final Filter filter) {
        requireIndexes(Objects.requireNonNull(filter, "filter"));
        final RecordShelf<T> shelf = shelves.get(Objects.requireNonNull(type, "type"));
        final List<RegistryRecord<T>> records = new ArrayList<>();
        if (shelf != null) {
            shelf.matches(filter).forEachRemaining(record -> records.add(handedOut(record)));
        }
        return Collections.unmodifiableList(records);
    }

    /**
     * The types that have records, sorted.
     *
     * @return an immutable list.
     */
    public List<String> types() {
        final List<String> types = new ArrayList<>(shelves.size());
        shelves.forEach((type, shelf) -> {
            if (shelf.byId.size() > 0) {
                types.add(type);
            }
        });
        Collections.sort(types);
        return Collections.unmodifiableList(types);
    }

    /**
     * Number of records of a type.
     *
     * @param type to count.
     * @return how many there are.
     */
    public int size(final String type) {
        final RecordShelf<T> shelf = shelves.get(Objects.requireNonNull(type, "type"));
        return shelf == null ? 0 : shelf.byId.size();
    }

    /**
     * The bounds of a type.
     *
     * @param type to ask about.
     * @return its options.
     */
    public TypeOptions options(final String type) {
        final RecordShelf<T> shelf = shelves.get(Objects.requireNonNull(type, "type"));
        return shelf == null ? noRecords.options : shelf.options;
    }

    /** For debugging: versions and counts, no records. */
    @Override
    public String toString() {
        return "RegistrySnapshot " + counts();
    }

    String counts() {
        return "serverVersion=" + serverVersion + " version=" + version() + " earliestVersion=" + earliestVersion()
                + " types=" + shelves.size();
    }

    @SuppressWarnings("unchecked") // There are no others in it.
    private RegistryRecord<T> find(final String type, final String id) {
        return (RegistryRecord<T>) RecordIndex.get(index, type, id);
    }

    RegistryRecord<T> handedOut(final RegistryRecord<T> record) {
        return copier == null || record.isRemoval() ? record : record.withValue(copied(record.value()));
    }

    /** Never null, which would stand for a removal. */
    T copied(final T value) {
        return copier == null ? value : Objects.requireNonNull(copier.apply(value), "the copier answered null");
    }

    private void requireIndexes(final Filter filter) {
        if (filter instanceof Filter.Equal equal && !noRecords.indexes.containsKey(equal.field())) {
            throw new IllegalArgumentException(
                    "not indexed: field=" + equal.field() + " indexed=" + new ArrayList<>(noRecords.indexes.keySet()));
        }
        if (filter instanceof Filter.And and) {
            and.filters().forEach(this::requireIndexes);
        } else if (filter instanceof Filter.Or or) {
            or.filters().forEach(this::requireIndexes);
        }
    }

    private final class View extends AbstractCollection<RegistryRecord<T>> {
        private final HashTrie<String, RegistryRecord<T>> records;

        View(final HashTrie<String, RegistryRecord<T>> records) {
            this.records = records;
        }

        @Override
        public Iterator<RegistryRecord<T>> iterator() {
            final Iterator<RegistryRecord<T>> inside = records.values();
            if (copier == null) {
                return inside;
            }
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return inside.hasNext();
                }

                @Override
                public RegistryRecord<T> next() {
                    return handedOut(inside.next());
                }
            };
        }

        @Override
        public int size() {
            return records.size();
        }
    }
}
