package io.millrace.session;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Objects;
import java.util.function.Function;

/**
 * The legal edges of a {@link StateCell}, declared once and then fixed. A state has a phase, a constant of an enum, and
 * an edge joins two phases; a phase may be joined to itself, so that a state can change without leaving it.
 *
 * <p>Immutable; any thread; every method is wait-free.
 *
 * @param <S> type of the states.
 * @param <P> type of their phases.
 */
public final class StateEdges<S, P extends Enum<P>> {
    private final Function<? super S, P> phaseOf;
    private final EnumMap<P, EnumSet<P>> followers;

    private StateEdges(final Function<? super S, P> phaseOf, final EnumMap<P, EnumSet<P>> followers) {
        this.phaseOf = phaseOf;
        this.followers = followers;
    }

    /**
     * States that are phases themselves, with no edge yet.
     *
     * @param phases the enum.
     * @param <P>    its type.
     * @return no edges.
     */
    public static <P extends Enum<P>> StateEdges<P, P> of(final Class<P> phases) {
        return by(phases, phase -> phase);
    }

    /**
     * States that know their phase, with no edge yet.
     *
     * @param phases  the enum.
     * @param phaseOf reads the phase of a state: pure, never null.
     * @param <S>     type of the states.
     * @param <P>     type of the phases.
     * @return no edges.
     */
    public static <S, P extends Enum<P>> StateEdges<S, P> by(
            final Class<P> phases, final Function<? super S, P> phaseOf) {
        final EnumMap<P, EnumSet<P>> none = new EnumMap<>(phases);
        for (final P phase : phases.getEnumConstants()) {
            none.put(phase, EnumSet.noneOf(phases));
        }
        return new StateEdges<>(Objects.requireNonNull(phaseOf, "phaseOf"), none);
    }

    /**
     * These edges and one more from a phase to each of its followers.
     *
     * @param from where the edges start.
     * @param to   where they may end.
     * @return the longer declaration; this one does not change.
     */
    @SafeVarargs
    public final StateEdges<S, P> edge(final P from, final P... to) {
        final EnumMap<P, EnumSet<P>> longer = new EnumMap<>(followers);
        final EnumSet<P> ends = EnumSet.copyOf(longer.get(from));
        for (final P end : to) {
            ends.add(end);
        }
        longer.put(from, ends);
        return new StateEdges<>(phaseOf, longer);
    }

    /**
     * Whether one state may follow another.
     *
     * @param from the state before.
     * @param to   the state after.
     * @return whether that edge was declared.
     */
    public boolean permits(final S from, final S to) {
        return followers.get(phaseOf(from)).contains(phaseOf(to));
    }

    P phaseOf(final S state) {
        return phaseOf.apply(state);
    }

    /** For debugging: the followers of each phase. */
    @Override
    public String toString() {
        return "StateEdges " + followers;
    }
}
