package io.millrace.transport.agent;

import io.millrace.ring.Parker;

/** Keeps what a park threw for the agent's next turn, which then ends: between turns nobody could end it properly. */
final class GuardedParker implements Parker {
    private final Parker parker;
    private Throwable failure;

    GuardedParker(final Parker parker) {
        this.parker = parker;
    }

    @Override
    public void park(final long maxNs) {
        try {
            parker.park(maxNs);
        } catch (final RuntimeException | Error ex) {
            failure = ex;
        }
    }

    @Override
    public boolean tryDetach(final long maxNs, final Runnable resume) {
        try {
            return parker.tryDetach(maxNs, resume);
        } catch (final RuntimeException | Error ex) {
            failure = ex;
            return false;
        }
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    /** What a park threw, or null. The agent's thread. */
    Throwable failure() {
        return failure;
    }
}
