select number, account, name, month as period, status, issued_on, due_on, currency, subtotal, credits, tax,
       total, carried_in, carried_forward, from_balance, amount_due, paid, credited, written_off, open,
       pdf_sha256
  from report_invoice
 where period = :period
 order by number collate "C"
