package io.millrace.session;

/** Told of every slot that a {@link SessionCache} gave up, so that its owner can use the slot again. */
@FunctionalInterface
public interface DiscardListener {
    /**
     * Called once for a slot, on the thread whose call discarded it, outside any change to the cache: it may use it. But
     * a put under way may have room set aside, so that putting the slot back under a full bound discards again. What it throws is logged and goes no further.
     *
     * @param key   the slot was stored under.
     * @param slot  that is no longer in the cache.
     * @param cause why not.
     */
    void onDiscard(SessionKey key, long slot, DiscardCause cause);
}
