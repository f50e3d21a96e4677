-- Question: between which numbers lie the deployments of which every day is to be counted?
-- Columns: span (first, last; each null: there is none). It is kept as a variable, since what a scan
--   of the metric values may leave out must be known before it begins.
select {'first': min(known_resource), 'last': max(known_resource)} as span
from anew
