package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.io.IOException;

/** Makes what threads sleep on whose socket a {@link SharedPoller} watches. Any thread. */
@FunctionalInterface
public interface PolledParkers {
    /**
     * Makes one.
     *
     * @param thread to wake.
     * @return a parker that watches nothing yet.
     * @throws IOException if there is none to be had.
     */
    PolledParker open(Parker thread) throws IOException;
}
