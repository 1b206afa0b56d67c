import { createRoot } from 'react-dom/client';

const container = document.getElementById('root');
if (!container) throw new Error('approval.html has no #root');
createRoot(container).render(null);
