package io.millrace.ring;

import java.util.ArrayList;
import java.util.List;

/** A parker that never blocks, says what it was asked, and lets a test act while the thread "sleeps". */
final class FakeParker implements Parker {
    final List<Long> parks = new ArrayList<>();
    int unparks;
    Runnable whileParked = () -> {};

    @Override
    public void park(final long maxNs) {
        parks.add(maxNs);
        whileParked.run();
    }

    @Override
    public void unpark() {
        unparks++;
    }
}
