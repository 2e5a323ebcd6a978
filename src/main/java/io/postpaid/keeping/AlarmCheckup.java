package io.postpaid.keeping;

import io.postpaid.platform.checkup.Checkup;
import io.postpaid.platform.checkup.UnwellException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** What has fallen silent or is about to be too late, and whether the installation waits for its match after a restore. */
@Component
@Order(9)
class AlarmCheckup implements Checkup {
    private final ObjectProvider<Alarms> alarms;
    private final ObjectProvider<Holds> holds;

    AlarmCheckup(ObjectProvider<Alarms> alarms, ObjectProvider<Holds> holds) {
        this.alarms = alarms;
        this.holds = holds;
    }

    @Override
    public String of() {
        return "alarms";
    }

    @Override
    public String look() {
        var hold = holds.getObject().open();
        if (hold.isPresent()) {
            throw new UnwellException("Restored from a backup of " + hold.get().takenAt()
                    + ", and numbers, charges and mails nothing until ./postpaid match --lift");
        }
        var silent = alarms.getObject().look();
        if (!silent.isEmpty()) throw new UnwellException(String.join("; ", silent));
        return "nothing is silent or late";
    }
}
