package io.millrace.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One state in the history of a {@link StateCell}. Whoever stands on a node can walk to every later state, none left
 * out; nodes that nobody stands on are garbage.
 *
 * <p>The cell's compare-and-set makes a node current before its predecessor knows it; {@link #link} mends that. It is
 * called by everyone who needs the link, not by the winner alone, so that a stalled winner holds up nobody.
 */
@SuppressWarnings("UnusedVariable") // Read through the VarHandles.
final class StateNode<S> {
    private static final VarHandle NEXT;
    private static final VarHandle PREVIOUS;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(StateNode.class, "next", StateNode.class);
            PREVIOUS = lookup.findVarHandle(StateNode.class, "previous", StateNode.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final S value;
    private StateNode<S> next;
    private StateNode<S> previous;

    StateNode(final S value, final StateNode<S> previous) {
        this.value = value;
        this.previous = previous;
    }

    @SuppressWarnings("unchecked")
    StateNode<S> next() {
        return (StateNode<S>) NEXT.getAcquire(this);
    }

    /** Makes the predecessor know this node. Any thread, any number of times: all write the same. */
    void link() {
        final StateNode<?> before = (StateNode<?>) PREVIOUS.getAcquire(this);
        if (before != null) {
            NEXT.setRelease(before, this);
            // After the link: whoever finds no predecessor may rely on it. It also lets the past be collected.
            PREVIOUS.setRelease(this, null);
        }
    }
}
