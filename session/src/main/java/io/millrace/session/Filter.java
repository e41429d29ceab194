package io.millrace.session;

import java.util.List;
import java.util.Objects;

/**
 * Which records of a type a list is to have. By id and by indexed field it is answered from an index, and of several
 * that must all hold the one with the fewest records is walked.
 *
 * <p>Immutable; any thread.
 */
public sealed interface Filter {
    /** Every record. */
    Filter ALL = new And(List.of());

    /**
     * The record with an id.
     *
     * @param id to match.
     * @return a filter.
     */
    static Filter id(final String id) {
        return new Id(id);
    }

    /**
     * Records whose field has a value.
     *
     * @param field that the registry indexes.
     * @param value to match.
     * @return a filter.
     */
    static Filter equal(final String field, final Object value) {
        return new Equal(field, value);
    }

    /**
     * Records that all filters match.
     *
     * @param filters to combine; none of them matches everything.
     * @return a filter.
     */
    static Filter and(final Filter... filters) {
        return new And(List.of(filters));
    }

    /**
     * Records that one of the filters matches.
     *
     * @param filters to combine; none of them matches nothing.
     * @return a filter.
     */
    static Filter or(final Filter... filters) {
        return new Or(List.of(filters));
    }

    /**
     * Matches one id.
     *
     * @param id to match, not null.
     */
    record Id(String id) implements Filter {
        /**
         * Checks the id.
         *
         * @param id to match, not null.
         */
        public Id {
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * Matches the value of an indexed field.
     *
     * @param field to look at, not null.
     * @param value to match, not null.
     */
    record Equal(String field, Object value) implements Filter {
        /**
         * Checks the parts.
         *
         * @param field to look at, not null.
         * @param value to match, not null.
         */
        public Equal {
            Objects.requireNonNull(field, "field");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * Matches what all match.
     *
     * @param filters to combine.
     */
    record And(List<Filter> filters) implements Filter {
        /**
         * Copies the list.
         *
         * @param filters to combine.
         */
        public And {
            filters = List.copyOf(filters);
        }
    }

    /**
     * Matches what any matches.
     *
     * @param filters to combine.
     */
    record Or(List<Filter> filters) implements Filter {
        /**
         * Copies the list.
         *
         * @param filters to combine.
         */
        public Or {
            filters = List.copyOf(filters);
        }
    }
}
