package io.millrace.ring;

import java.util.ArrayList;
import java.util.List;

/** A parker that never blocks, says what it was asked, and lets a test act while the thread "sleeps". */
final class FakeParker implements Parker {
    final List<Long> parks = new ArrayList<>();
    final List<Runnable> detached = new ArrayList<>();
    boolean mayDetach = true;
    int unparks;
    Runnable whileParked = () -> {};

    @Override
    public void park(final long maxNs) {
        parks.add(maxNs);
        whileParked.run();
    }

    @Override
    public boolean tryDetach(final long maxNs, final Runnable resume) {
        park(maxNs);
        if (mayDetach) {
            detached.add(resume);
        }
        return mayDetach;
    }

    @Override
    public void unpark() {
        unparks++;
    }
}
