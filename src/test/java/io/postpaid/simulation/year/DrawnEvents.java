package io.postpaid.simulation.year;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What customers, operators and banks do: to the program, and by hand. */
final class DrawnEvents {
    private static final BigDecimal CENT = new BigDecimal("0.01");

    private final Random random;
    private final Program program;
    /** What the program hears of by the next night. */
    private final List<Consumer<LocalDate>> seenAtNight;

    private final List<PlainTopUp> disputedTopUps = new ArrayList<>();
    private int ids;

    DrawnEvents(Random random, Program program, List<Consumer<LocalDate>> seenAtNight) {
        this.random = random;
        this.program = program;
        this.seenAtNight = seenAtNight;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private BigDecimal cents(int from, int to) {
        return BigDecimal.valueOf(random.nextInt(from, to), 2);
    }

    private BigDecimal part(BigDecimal of, int from, int to) {
        var percent = BigDecimal.valueOf(random.nextInt(from, to), 2);
        return of.multiply(percent).setScale(2, RoundingMode.HALF_UP);
    }

    // ---- credit and cards

    void buy(PlainAccount account, LocalDate day) {
        switch (account.who.id()) {
            case "bought" -> {
                if (oneIn(2)) return;
                var topUp = topUp(account, day);
                if (oneIn(2)) return;
                var back = part(topUp.refundable(), 20, 101);
                topUp.refund(back, day);
                program.refundTopUp("bought", topUp.reference, back);
            }
            case "bought-disputed" -> {
                if (oneIn(2)) return;
                var topUp = topUp(account, day);
                seenAtNight.add(topUp::disputed);
                disputedTopUps.add(topUp);
            }
            case "promoted" -> {
                var kind = List.of("PROMO", "GOODWILL", "TOP_UP").get(random.nextInt(3));
                var amount = cents(500, 3_000);
                var expires = day.plusDays(random.nextInt(5, 60));
                account.given(kind, amount, expires, day);
                program.grant("promoted", kind, amount, expires);
            }
            case "new-card" -> {
                account.card = account.pays() ? "visa_chargeDeclined" : "visa";
                program.newCard("new-card", account.card);
                for (var bill : account.bills) account.charge(bill, day);
            }
            default -> {}
        }
    }

    private PlainTopUp topUp(PlainAccount account, LocalDate day) {
        var topUp = new PlainTopUp(account, "t" + ++ids, cents(1_000, 9_000), day);
        program.topUp(account.who.id(), topUp.net, topUp.reference);
        return topUp;
    }

    // ---- after a month's invoices

    void settle(PlainAccount account, YearMonth month, LocalDate day) {
        var last = account.bill(month.minusMonths(1));
        if (last == null || last.due.signum() == 0) return;
        switch (account.who.id()) {
            case "noted" -> {
                creditNote(account, last, part(last.total(), 5, 60), day);
                if (oneIn(2)) refund(account, last, part(last.byCard, 10, 90), day);
            }
            case "refund-fails", "refund-waits" -> refund(account, last, part(last.byCard, 5, 100), day);
            case "disputed" -> closeDispute(account, last);
            case "transfers" -> transfer(account, last, part(last.open, 60, 130).max(CENT), day, null);
            case "declined", "written-off" -> writeOffOrPay(account, last, day);
            default -> {}
        }
    }

    /**
     * Money that came on an earlier day, as a statement of the bank shows it.
     *
     * @param booked the day in whose books it is: the first that is open
     */
    void cameBefore(PlainAccount account, LocalDate came, LocalDate booked) {
        if (!account.who.id().equals("transfers") || oneIn(3)) return;
        account.bills.stream()
                .filter(bill -> bill.open.signum() > 0
                        && !bill.period.plusMonths(1).atDay(1).isAfter(came))
                .findFirst()
                .ifPresent(
                        bill -> transfer(account, bill, part(bill.open, 30, 90).max(CENT), booked, came));
    }

    private void transfer(
            PlainAccount account, PlainBill bill, BigDecimal amount, LocalDate day, @Nullable LocalDate came) {
        account.transfer(bill, amount, day);
        program.transfer(account.who.id(), bill.period, amount, "bank-" + ++ids, came);
    }

    private void creditNote(PlainAccount account, PlainBill bill, BigDecimal amount, LocalDate day) {
        if (amount.signum() <= 0) return;
        account.creditNote(bill, amount, day);
        program.creditNote(account.who.id(), bill.period, amount);
    }

    private void refund(PlainAccount account, PlainBill bill, BigDecimal amount, LocalDate day) {
        if (amount.signum() <= 0) return;
        program.refund(account.who.id(), bill.period, amount);
        var taken = account.askRefund(bill, amount, day);
        if (account.card.equals("pendingRefund")) {
            seenAtNight.add(night -> account.refunded(bill, amount, taken, night));
            return;
        }
        account.refunded(bill, amount, taken, day);
        if (account.card.equals("refundFail")) seenAtNight.add(night -> account.refundFailed(bill, amount, night));
    }

    private void closeDispute(PlainAccount account, PlainBill bill) {
        if (bill.byCard.signum() == 0) return;
        boolean won = random.nextBoolean();
        program.closeDispute(account.who.id(), bill.period, won);
        seenAtNight.add(night -> {
            if (won) account.disputeWon(bill, night);
            else account.disputeLost(bill, night);
        });
    }

    private void writeOffOrPay(PlainAccount account, PlainBill last, LocalDate day) {
        for (var bill : List.copyOf(account.bills)) {
            if (bill == last || bill.writtenOff.signum() == 0 || !oneIn(3)) continue;
            transfer(
                    account,
                    bill,
                    oneIn(2) ? bill.writtenOff : part(bill.writtenOff, 30, 60).max(CENT),
                    day,
                    null);
        }
        if (last.open.signum() > 0 && oneIn(2)) {
            account.writeOff(last, day);
            program.writeOff(account.who.id(), last.period);
        }
    }

    // ---- over the end of a month

    void endOfMonth(PlainAccount account, YearMonth month) {
        var day = month.atEndOfMonth();
        var last = account.bill(month.minusMonths(1));
        switch (account.who.id()) {
            case "refund-waits" -> {
                if (last == null || last.byCard.signum() == 0) return;
                // A part of it is set aside while the refund is on its way, and a part is credited once it has gone.
                creditNote(account, last, part(last.byCard, 10, 40), day);
                refund(account, last, part(last.byCard, 5, 80), day);
            }
            case "bought-disputed" -> {
                if (last != null) closeDispute(account, last);
                closeTopUpDisputes();
                if (account.owed.signum() > 0 && oneIn(2)) {
                    var amount = account.owed;
                    account.transfer(amount, day);
                    program.transfer("bought-disputed", amount, "bank-" + ++ids);
                }
            }
            case "transfers" -> {
                if (account.balance().signum() == 0 || oneIn(2)) return;
                var amount = account.balance();
                account.sendBack(amount, day);
                program.sendBack("transfers", amount, "bank-" + ++ids);
            }
            default -> {}
        }
    }

    private void closeTopUpDisputes() {
        for (var topUp : List.copyOf(disputedTopUps)) {
            if (oneIn(2)) continue;
            disputedTopUps.remove(topUp);
            boolean won = random.nextBoolean();
            program.closeTopUpDispute("bought-disputed", topUp.reference, won);
            seenAtNight.add(won ? topUp::won : topUp::lost);
        }
    }

    /** @return what was paid out to the bank */
    BigDecimal payOut(String currency) {
        var amount = cents(500, 4_000);
        program.payOut(currency, amount);
        return amount;
    }
}
