package io.millrace.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The records of one type: by id, by indexed field, and, if the type is bounded, in the order of their last change.
 * Immutable; a change copies O(log n).
 */
final class RecordShelf<T> {
    /** The value of one field. */
    private record FieldValue(String field, Object value) {}

    final HashTrie<String, RegistryRecord<T>> byId;
    final TypeOptions options;
    final Map<String, Function<? super T, ?>> indexes;
    private final HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> byField;
    /** By version, so sparse where other types change, too: then up to a node for each record. Empty if the type is not bounded. */
    private final SequenceTrie<RegistryRecord<T>> order;

    private RecordShelf(
            final Map<String, Function<? super T, ?>> indexes,
            final TypeOptions options,
            final HashTrie<String, RegistryRecord<T>> byId,
            final HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> byField,
            final SequenceTrie<RegistryRecord<T>> order) {
        this.indexes = indexes;
        this.options = options;
        this.byId = byId;
        this.byField = byField;
        this.order = order;
    }

    static <T> RecordShelf<T> empty(final Map<String, Function<? super T, ?>> indexes, final TypeOptions options) {
        return new RecordShelf<>(indexes, options, HashTrie.empty(), HashTrie.empty(), SequenceTrie.empty());
    }

    /** With a record, which replaces the one of its id. */
    RecordShelf<T> with(final RegistryRecord<T> record) {
        final RegistryRecord<T> before = byId.get(record.id());
        return new RecordShelf<>(
                indexes,
                options,
                byId.with(record.id(), record),
                indexes.isEmpty() ? byField : indexed(deindexed(byField, before), record),
                options.isBounded() ? displaced(before).with(record.version(), record) : order);
    }

    RecordShelf<T> without(final RegistryRecord<T> record) {
        return new RecordShelf<>(
                indexes, options, byId.without(record.id()), deindexed(byField, record), displaced(record));
    }

    /** With other bounds: from none to some this orders all records, once. */
    RecordShelf<T> with(final TypeOptions changed) {
        if (changed.isBounded() == options.isBounded()) {
            return new RecordShelf<>(indexes, changed, byId, byField, order);
        }
        SequenceTrie<RegistryRecord<T>> ordered = SequenceTrie.empty();
        if (changed.isBounded()) {
            for (final Iterator<RegistryRecord<T>> i = byId.values(); i.hasNext(); ) {
                final RegistryRecord<T> record = i.next();
                ordered = ordered.with(record.version(), record);
            }
        }
        return new RecordShelf<>(indexes, changed, byId, byField, ordered);
    }

    /** The record that its bounds say must go, or null. */
    RegistryRecord<T> surplus(final long nowMs) {
        if (order.size() == 0) {
            return null;
        }
        final RegistryRecord<T> oldest = order.get(order.first(0));
        return order.size() > options.capacity() || isOver(nowMs - oldest.modifiedAtMs()) ? oldest : null;
    }

    /** A clock that was set back makes the age unknown; such a record would stay, and keep all that came after it. */
    private boolean isOver(final long ageMs) {
        return options.timeToLiveMs() != Long.MAX_VALUE && (ageMs < 0 || ageMs > options.timeToLiveMs());
    }

    /** The records that a filter matches, in no order. */
    Iterator<RegistryRecord<T>> matches(final Filter filter) {
        if (filter instanceof Filter.Id same) {
            final RegistryRecord<T> record = byId.get(same.id());
            return record == null
                    ? Collections.emptyIterator()
                    : List.of(record).iterator();
        }
        if (filter instanceof Filter.Equal equal) {
            return withField(equal).values();
        }
        if (filter instanceof Filter.Or or) {
            HashTrie<String, RegistryRecord<T>> union = HashTrie.empty();
            for (final Filter part : or.filters()) {
                for (final Iterator<RegistryRecord<T>> i = matches(part); i.hasNext(); ) {
                    final RegistryRecord<T> record = i.next();
                    union = union.with(record.id(), record);
                }
            }
            return union.values();
        }
        return intersection(((Filter.And) filter).filters());
    }

    private Iterator<RegistryRecord<T>> intersection(final List<Filter> filters) {
        if (filters.isEmpty()) {
            return byId.values();
        }
        Filter least = filters.get(0);
        for (final Filter part : filters) {
            least = estimate(part) < estimate(least) ? part : least;
        }
        final List<RegistryRecord<T>> matches = new ArrayList<>();
        for (final Iterator<RegistryRecord<T>> i = matches(least); i.hasNext(); ) {
            final RegistryRecord<T> record = i.next();
            if (filters.stream().allMatch(part -> isMatch(part, record))) {
                matches.add(record);
            }
        }
        return matches.iterator();
    }

    private int estimate(final Filter filter) {
        if (filter instanceof Filter.Id) {
            return 1;
        }
        return filter instanceof Filter.Equal equal ? withField(equal).size() : byId.size();
    }

    private boolean isMatch(final Filter filter, final RegistryRecord<T> record) {
        if (filter instanceof Filter.Id same) {
            return record.id().equals(same.id());
        }
        if (filter instanceof Filter.Equal equal) {
            return equal.value().equals(indexes.get(equal.field()).apply(record.value()));
        }
        return filter instanceof Filter.Or or
                ? or.filters().stream().anyMatch(part -> isMatch(part, record))
                : ((Filter.And) filter).filters().stream().allMatch(part -> isMatch(part, record));
    }

    private HashTrie<String, RegistryRecord<T>> withField(final Filter.Equal equal) {
        final HashTrie<String, RegistryRecord<T>> found = byField.get(new FieldValue(equal.field(), equal.value()));
        return found == null ? HashTrie.empty() : found;
    }

    private SequenceTrie<RegistryRecord<T>> displaced(final RegistryRecord<T> record) {
        return record == null || !options.isBounded() ? order : order.without(record.version());
    }

    private HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> indexed(
            final HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> before, final RegistryRecord<T> record) {
        HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> after = before;
        for (final Map.Entry<String, Function<? super T, ?>> index : indexes.entrySet()) {
            final Object value = index.getValue().apply(record.value());
            if (value != null) {
                final FieldValue key = new FieldValue(index.getKey(), value);
                final HashTrie<String, RegistryRecord<T>> same = after.get(key);
                after = after.with(
                        key,
                        (same == null ? HashTrie.<String, RegistryRecord<T>>empty() : same).with(record.id(), record));
            }
        }
        return after;
    }

    private HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> deindexed(
            final HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> before, final RegistryRecord<T> record) {
        HashTrie<FieldValue, HashTrie<String, RegistryRecord<T>>> after = before;
        if (record != null) {
            for (final Map.Entry<String, Function<? super T, ?>> index : indexes.entrySet()) {
                final Object value = index.getValue().apply(record.value());
                if (value != null) {
                    final FieldValue key = new FieldValue(index.getKey(), value);
                    final HashTrie<String, RegistryRecord<T>> rest =
                            after.get(key).without(record.id());
                    after = rest.size() == 0 ? after.without(key) : after.with(key, rest);
                }
            }
        }
        return after;
    }
}
