import './approval/approval.css';
import { createRoot } from 'react-dom/client';
import { ApprovalApp } from './approval/ApprovalApp';

const container = document.getElementById('root');
if (!container) throw new Error('approval.html has no #root');
createRoot(container).render(<ApprovalApp />);
