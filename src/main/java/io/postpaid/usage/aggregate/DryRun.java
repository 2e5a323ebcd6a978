package io.postpaid.usage.aggregate;

import io.postpaid.usage.aggregate.RunResult.FileLine;
import io.postpaid.usage.aggregate.RunResult.SumLine;
import io.postpaid.usage.intake.IngestOutcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a run would import. */
public record DryRun(String run, List<IngestOutcome> files, List<ProductSum> sums) {

    /** What would be billed of a product and what would be free, less what corrections take back. */
    public record ProductSum(String product, BigDecimal quantity, long records, long freeRecords) {
        private ProductSum plus(SumLine sum) {
            long more = sum.records() - sum.voidedRecords();
            return sum.billable()
                    ? new ProductSum(
                            product,
                            quantity.add(sum.quantity()).subtract(sum.voidedQuantity()),
                            records + more,
                            freeRecords)
                    : new ProductSum(product, quantity, records, freeRecords + more);
        }
    }

    static DryRun of(String run, RunResult result) {
        var files = new ArrayList<IngestOutcome>();
        RunImport.pages(
                result.files(),
                FileLine.class,
                page -> page.forEach(file -> files.add(new IngestOutcome(
                        file.name(),
                        file.lines(),
                        file.records(),
                        file.accepted(),
                        file.duplicates(),
                        file.quarantined(),
                        file.leftOut()))));
        var sums = new TreeMap<String, ProductSum>();
        RunImport.pages(
                result.sums(),
                SumLine.class,
                page -> page.forEach(sum -> sums.merge(
                        sum.product(),
                        new ProductSum(sum.product(), BigDecimal.ZERO, 0, 0).plus(sum),
                        (before, _) -> before.plus(sum))));
        return new DryRun(run, files, List.copyOf(sums.values()));
    }
}
